{#- A receipt's renditions as clients see them, typed; one without an address or a size is none. -#}
{% macro typed_renditions(renditions) -%}
(
select
    coalesce(jsonb_agg(
        jsonb_build_object(
            'url', {{ to_text('element.url') }},
            'width', {{ to_integer('element.width') }},
            'height', {{ to_integer('element.height') }},
            'content_type', {{ to_text('element.content_type') }},
            'bytes', {{ to_integer('element.bytes') }}
        )
        order by {{ to_integer('element.width') }}, element.position
    ), '[]')
from {{ records(renditions, ['url', 'width', 'height', 'content_type', 'bytes']) }}
where
    {{ to_text('element.url') }} is not null
    and {{ to_integer('element.width') }} is not null
    and {{ to_integer('element.height') }} is not null
    and {{ to_integer('element.bytes') }} is not null
)
{%- endmacro %}
