{#- What was there and did not fit: the other side of the casts, for `int_values__rejected`. -#}

{#- Names of the fields of `record` whose value was there and did not fit its type: text[], never null. -#}
{% macro bad_fields(record, integers=[], numbers=[], booleans=[], dates=[], instants=[], texts=[], keys=[], arrays=[], objects=[]) -%}
{%- set guards = [] -%}
{%- for field in integers %}{% do guards.append((field, to_integer(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in numbers %}{% do guards.append((field, to_number(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in booleans %}{% do guards.append((field, to_boolean(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in dates %}{% do guards.append((field, to_date(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in instants %}{% do guards.append((field, to_instant(record ~ '.' ~ field))) %}{% endfor -%}
{%- for field in keys %}{% do guards.append((field, to_key(record ~ '.' ~ field))) %}{% endfor -%}
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
