{#- Schemas are named as in the contract: staging, core, marts; the target's own schema only where none is set. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
