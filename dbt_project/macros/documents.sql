{#-
    The only two ways into JSON. `record` turns one object into typed columns, `records` an array of objects into
    rows; each reads its argument once, since every further `->>` would decompress the whole document again.
    Another warehouse implements these two and the casts.
-#}

{#- One row: `scalars` as text, `containers` as jsonb. The argument is an object: the raw tables hold nothing else. -#}
{% macro record(payload, scalars, containers=[]) -%}
    {{ return(adapter.dispatch('record', 'showhouse')(payload, scalars, containers)) }}
{%- endmacro %}

{% macro default__record(payload, scalars, containers) -%}
jsonb_to_record({{ payload }}) as document ({{ showhouse.document_columns(scalars, containers) }})
{%- endmacro %}

{#- The same for an object inside a document, which may be anything. -#}
{% macro nested_record(payload, scalars, containers=[]) -%}
jsonb_to_record(
    case when jsonb_typeof({{ payload }}) = 'object' then {{ payload }} else '{}'::jsonb end
) as nested ({{ showhouse.document_columns(scalars, containers) }})
{%- endmacro %}

{#- One row per object of the array, with `position` from 1; elements that are no objects are left out. -#}
{% macro records(elements, scalars, containers=[]) -%}
    {{ return(adapter.dispatch('records', 'showhouse')(elements, scalars, containers)) }}
{%- endmacro %}

{% macro default__records(elements, scalars, containers) -%}
rows from (
    jsonb_to_recordset(
        case
            when jsonb_typeof({{ elements }}) is distinct from 'array' then '[]'::jsonb
            when jsonb_path_exists({{ elements }}, 'strict $[*] ? (@.type() != "object")')
                then jsonb_path_query_array({{ elements }}, 'strict $[*] ? (@.type() == "object")')
            else {{ elements }}
        end
    ) as ({{ showhouse.document_columns(scalars, containers) }})
) with ordinality as element ({{ showhouse.quoted(scalars + containers + ['position']) }})
{%- endmacro %}

{% macro document_columns(scalars, containers) -%}
{%- set columns = [] -%}
{%- for name in scalars %}{% do columns.append(adapter.quote(name) ~ ' text') %}{% endfor -%}
{%- for name in containers %}{% do columns.append(adapter.quote(name) ~ ' jsonb') %}{% endfor -%}
{{ columns | join(', ') }}
{%- endmacro %}

{% macro quoted(names) -%}
{%- set columns = [] -%}
{%- for name in names %}{% do columns.append(adapter.quote(name)) %}{% endfor -%}
{{ columns | join(', ') }}
{%- endmacro %}

{#- One row per member of the object, as `entry (key, value)`; anything but an object has none. -#}
{% macro entries(object) -%}
jsonb_each(case when jsonb_typeof({{ object }}) = 'object' then {{ object }} else '{}'::jsonb end) as entry (key, value)
{%- endmacro %}
