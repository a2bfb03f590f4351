{#-
    Guards that turn a payload's text into a type. Each is one inlined SQL expression: a value that does not fit
    is null, never an error, and `bad_fields` names it. All read `text` except those of arrays, which read jsonb.

    A pattern costs up to three microseconds, and credits are told in tens of millions of values: so what is plainly right is
    let through by a cheaper look, and only what is not meets all of the rule.
-#}

{#- Trimmed; the empty string is null, and so is a JSON object or array where text belongs. `{` is 123, `[` 91. -#}
{% macro to_text(value) -%}
case
    when
        ascii({{ value }}) not in (91, 123)
        or left({{ value }}, 2) not in ('{}', '{"', '[]', '["', '[{')
        then nullif(btrim({{ value }}, e' \t\r\n\u00a0'), '')
end
{%- endmacro %}

{#- Whole numbers of up to nine digits; `12.0`, `1e3` and words are null. -#}
{% macro to_integer(value) -%}
case
    when
        octet_length({{ value }}) between 1 and 9 and translate({{ value }}, '0123456789', '') = ''
        or {{ value }} ~ '^-[0-9]{1,9}$'
        then {{ value }}::integer
end
{%- endmacro %}

{#- Decimal numbers of up to 15 digits before and 20 after the point, as jsonb prints them. -#}
{% macro to_number(value) -%}
case
    when
        octet_length({{ value }}) < 16 and {{ value }} ~ '^[0-9]+([.][0-9]+)?$'
        or {{ value }} ~ '^-?[0-9]{1,15}([.][0-9]{1,20})?$'
        then {{ value }}::numeric
end
{%- endmacro %}

{% macro to_boolean(value) -%}
case {{ value }} when 'true' then true when 'false' then false end
{%- endmacro %}

{#- ISO calendar dates from year 1 on; the day must exist in its month. -#}
{% macro to_date(value) -%}
case
    when
        {{ value }} like '____-__-__'
        and translate({{ value }}, '0123456789', '') = '--'
        and left({{ value }}, 4) <> '0000'
        and substr({{ value }}, 6, 2) collate "C" between '01' and '12'
        and right({{ value }}, 2) collate "C" between '01' and '28'
        then {{ value }}::date
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
