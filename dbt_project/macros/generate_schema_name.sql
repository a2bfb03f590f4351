{#-
    Schemas are named as in the contract: staging, core, marts. Every target but `prod` puts its own schema's name before
    them (dev_core), so that a branch is tried beside what others read; raw is the same for all.
-#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ showhouse.layer((custom_schema_name or target.schema) | trim) }}
{%- endmacro %}

{% macro layer(name) -%}
{{ return(name if target.name == 'prod' else target.schema ~ '_' ~ name) }}
{%- endmacro %}
