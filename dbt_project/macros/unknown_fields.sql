{#-
    What documents hold that `known_documents` does not know: keys of objects, and values where a key has few.
    An object that is as known costs one subtraction of its known keys; only others are looked into.
    Of one object's unknown keys the first twenty count, since a hostile document may have a million.
-#}
{% macro unknown_fields() -%}
{%- for resource, places in showhouse.known_documents().items() %}
select
    '{{ resource }}' as resource,
    version.key as document_key,
    unknown.json_path,
    unknown.drift_kind,
    unknown.seen,
    unknown.example,
    version.fetched_at,
    version.load_id
from {{ showhouse.history_at_horizon(source('tmdb', resource)) }}
cross join lateral (
    {%- for path, keys, values in places %}
    {{ showhouse.unknown_fields_at(path, keys.split(), values) }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
) as unknown
where version.payload is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro unknown_fields_at(path, keys, values) -%}
{%- set steps = '$' if path == '' else '$.' ~ path.replace('[]', '[*]') -%}
{%- set known = "array['" ~ keys | join("', '") ~ "']" -%}
    select unknown.*
    from (
        select found.value
        from jsonb_path_query(version.payload, '{{ steps }} ? (@.type() == "object")') as found (value)
        where
            found.value - {{ known }} <> '{}'
            {%- for field, told in values.items() %}
            or found.value ->> '{{ field }}' <> all (array['{{ told | join("', '") }}'])
            {%- endfor %}
    ) as strange
    cross join lateral (
        (
            select
                '{{ path }}' as json_path,
                'key' as drift_kind,
                left(entry.key, 200) as seen,
                left(entry.value #>> '{}', 200) as example
            from jsonb_each(strange.value - {{ known }}) as entry (key, value)
            order by entry.key
            limit 20
        )
        {%- for field, told in values.items() %}
        union all
        select
            '{{ path ~ ('.' if path) ~ field }}' as json_path,
            'value' as drift_kind,
            left(strange.value ->> '{{ field }}', 200) as seen,
            null as example
        where strange.value ->> '{{ field }}' <> all (array['{{ told | join("', '") }}'])
        {%- endfor %}
    ) as unknown
{%- endmacro %}
