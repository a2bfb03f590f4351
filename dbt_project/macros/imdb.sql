{#- IMDb's datasets: what a field holds. -#}

{#- `a,b` as text[], in IMDb's order, without empty ones; never null. -#}
{% macro listed_text(value) -%}
array_remove(string_to_array(coalesce({{ value }}, ''), ','), '')
{%- endmacro %}

{#- IMDb puts a control character between several kinds of a name. -#}
{% macro separated(value) -%}
regexp_replace({{ value }}, '[\x01-\x1f]+', ', ', 'g')
{%- endmacro %}

{#- The strings of a list written as JSON in a field, `["Self - Host"]`, whatever else stands there; never null. -#}
{% macro quoted_texts(value) -%}
array(
    select replace(replace(quoted.parts[1], '\"', '"'), '\\', '\')
    from regexp_matches({{ value }}, '"((?:[^"\\]|\\.)+)"', 'g') with ordinality as quoted (parts, position)
    order by quoted.position
)
{%- endmacro %}
