{#-
    Guards that turn a payload's text into a type. Each is one inlined SQL expression: a value that does not fit
    is null, never an error, and `bad_fields` names it. All read `text` except `to_array`, which reads jsonb.
-#}

{#- Trimmed; the empty string is null, and so is a JSON object or array where text belongs. -#}
{% macro to_text(value) -%}
case
    when left({{ value }}, 2) not in ('{}', '{"', '[]', '["', '[{')
        then nullif(btrim({{ value }}, e' \t\r\n\u00a0'), '')
end
{%- endmacro %}

{#- Whole numbers of up to nine digits; `12.0`, `1e3` and words are null. -#}
{% macro to_integer(value) -%}
case when {{ value }} ~ '^-?[0-9]{1,9}$' then {{ value }}::integer end
{%- endmacro %}

{#- Decimal numbers of up to 15 digits before and 20 after the point, as jsonb prints them. -#}
{% macro to_number(value) -%}
case when {{ value }} ~ '^-?[0-9]{1,15}(\.[0-9]{1,20})?$' then {{ value }}::numeric end
{%- endmacro %}

{% macro to_boolean(value) -%}
case {{ value }} when 'true' then true when 'false' then false end
{%- endmacro %}

{#- ISO calendar dates from year 1 on; the day must exist in its month. -#}
{% macro to_date(value) -%}
case
    when {{ value }} ~ '^(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'
        then case
            when right({{ value }}, 2)::integer <= extract(
                    day from (left({{ value }}, 7) || '-01')::date + interval '1 month - 1 day'
                )
                then {{ value }}::date
        end
end
{%- endmacro %}

{#- ISO 8601 instants with a zone, as our own receipts write them. -#}
{% macro to_instant(value) -%}
{%- set clock = '([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$' -%}
case
    when {{ value }} ~ '^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T{{ clock }}'
        then {{ value }}::timestamptz
    when {{ value }} ~ '^20[0-9]{2}-(0[13-9]|1[0-2])-(29|30)T{{ clock }}'
        then {{ value }}::timestamptz
    when {{ value }} ~ '^20[0-9]{2}-(0[13578]|1[02])-31T{{ clock }}'
        then {{ value }}::timestamptz
end
{%- endmacro %}

{#- A jsonb array; anything else is the empty array. -#}
{% macro to_array(value) -%}
case when jsonb_typeof({{ value }}) = 'array' then {{ value }} else '[]'::jsonb end
{%- endmacro %}

{#- text[] of the array's trimmed, non-empty scalars in upstream's order; never null. -#}
{% macro to_text_array(value) -%}
array(
    select {{ to_text('element.value') }}
    from jsonb_array_elements_text({{ to_array(value) }}) with ordinality as element (value, position)
    where {{ to_text('element.value') }} is not null
    order by element.position
)
{%- endmacro %}

{% macro to_integer_array(value) -%}
array(
    select {{ to_integer('element.value') }}
    from jsonb_array_elements_text({{ to_array(value) }}) with ordinality as element (value, position)
    where {{ to_integer('element.value') }} is not null
    order by element.position
)
{%- endmacro %}

{#- Names of the fields of `record` whose value was there and did not fit its type: text[], never null. -#}
{% macro bad_fields(record, integers=[], numbers=[], booleans=[], dates=[], texts=[], arrays=[], objects=[]) -%}
{%- set guards = [] -%}
{%- for field in integers %}{% do guards.append((field, to_integer(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in numbers %}{% do guards.append((field, to_number(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in booleans %}{% do guards.append((field, to_boolean(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in dates %}{% do guards.append((field, to_date(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in texts %}{% do guards.append((field, to_text(record ~ '.' ~ field))) %}{% endfor -%}
array_remove(array[
    {%- for field, guard in guards %}
    case
        when {{ record }}.{{ field }} <> '' and ({{ guard }}) is null and btrim({{ record }}.{{ field }}) <> ''
            then '{{ field | replace('"', '') }}'
    end,
    {%- endfor %}
    {%- for field in arrays %}
    case when jsonb_typeof({{ record }}.{{ field }}) not in ('array', 'null') then '{{ field }}' end,
    {%- endfor %}
    {%- for field in objects %}
    case when jsonb_typeof({{ record }}.{{ field }}) not in ('object', 'null') then '{{ field }}' end,
    {%- endfor %}
    null
]::text[], null)
{%- endmacro %}

{#-
    The same for lists that have views of their own, which show no row of what is no list. They are looked up in
    the payload, not in a record: who does not ask for bad fields does not pay for a copy of the lists.
-#}
{% macro bad_lists(payload, names) -%}
array_remove(array[
    {%- for name in names %}
    case when jsonb_typeof({{ payload }} -> '{{ name }}') not in ('array', 'null') then '{{ name }}' end
    {{- ',' if not loop.last }}
    {%- endfor %}
]::text[], null)
{%- endmacro %}
