{#-
    Guards that turn a payload's text into a type. Each is one inlined SQL expression: a value that does not fit
    is null, never an error, and `bad_fields` names it. All read `text` except those of arrays, which read jsonb.

    A pattern costs up to three microseconds, and credits are told in tens of millions of values: so what is plainly right is
    let through by a cheaper look, and only what is not meets all of the rule.
-#}

{#-
    Trimmed; the empty string is null, and so is a JSON object or array where text belongs, as jsonb prints them. `{` is
    123, `[` 91. A title like `[1]` is taken for the array that it looks like; `[REC]` is a title.
-#}
{% macro to_text(value) -%}
case
    when
        ascii({{ value }}) not in (91, 123)
        or {{ value }} !~ '^([{][}"]|[[]([]"{[]|(-?[0-9.]+(e[+-]?[0-9]+)?|true|false|null)(, |[]]$)))'
        then nullif(btrim({{ value }}, e' \t\r\n\u00a0'), '')
end
{%- endmacro %}

{#-
    Text that tables are ordered or looked up by: names, codes, ids that are text. An entry of an index holds 2,704 bytes
    at most, or the build fails; what has more than a thousand is nobody's name.
-#}
{% macro to_key(value) -%}
case when octet_length({{ value }}) <= 1000 then {{ to_text(value) }} end
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

{#-
    Decimal numbers of up to 15 digits before and 20 after the point, as jsonb prints them. `7.0` is 7: both are written, and
    an incremental build, to which they are the same value, would show whichever came first.
-#}
{% macro to_number(value) -%}
case
    when
        octet_length({{ value }}) < 16 and {{ value }} ~ '^[0-9]+([.][0-9]+)?$'
        or {{ value }} ~ '^-?[0-9]{1,15}([.][0-9]{1,20})?$'
        then trim_scale({{ value }}::numeric)
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

{#- ISO 8601 instants of this century with a zone, as TMDb and our own receipts write them; the day must exist. -#}
{% macro to_instant(value) -%}
{%- set clock = '([01][0-9]|2[0-3])(:[0-5][0-9]){2}([.][0-9]{1,9})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$' -%}
case
    when
        {{ value }} ~ '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T{{ clock }}'
        and ({{ to_date('left(' ~ value ~ ', 10)') }}) is not null
        then {{ value }}::timestamptz
end
{%- endmacro %}

{#- A jsonb array; anything else is the empty array. -#}
{% macro to_array(value) -%}
case when jsonb_typeof({{ value }}) = 'array' then {{ value }} else '[]'::jsonb end
{%- endmacro %}

{#- text[] of the array's trimmed, non-empty scalars in upstream's order, as far as they pass the guard; never null. -#}
{% macro to_text_array(value, guard=none) -%}
{%- set scalar = (guard or showhouse.to_text)('element.value') -%}
array(
    select {{ scalar }}
    from jsonb_array_elements_text({{ to_array(value) }}) with ordinality as element (value, position)
    where {{ scalar }} is not null
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
