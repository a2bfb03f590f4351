{#- A list of objects in which each has all of these members, null where a page does not say. -#}
{% macro with_all_members(list, members) -%}
(
    select
        coalesce(
            jsonb_agg(
                jsonb_build_object(
                    {%- for member in members %}
                    '{{ member }}', listed.entry -> '{{ member }}'
                    {{- "," if not loop.last }}
                    {%- endfor %}
                )
                order by listed.position
            ),
            '[]'
        )
    from jsonb_array_elements({{ list }}) with ordinality as listed (entry, position)
)
{%- endmacro %}
