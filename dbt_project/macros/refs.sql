{#-
    `ref` and `source` as dbt has them, but for two places. In the hooks of a build, which may make a view that is missing,
    dbt refuses a `ref`: there the graph says where the model stands. And under `--empty` dbt renders a relation as
    `(select * from … limit 0) _dbt_limit_subq_…`, after which no alias may follow; every import of ours has one. Such a build
    writes no rows either way (`no_rows_if_empty`).
-#}

{% macro ref() -%}
{%- if execute and model.resource_type == 'operation' -%}
    {{ return(showhouse.relation_of_model(varargs | last)) }}
{%- endif -%}
{%- set found = builtins.ref(*varargs, **kwargs) -%}
{{ return(found.replace(limit=none) if flags.EMPTY and execute else found) }}
{%- endmacro %}

{% macro source() -%}
{%- set found = builtins.source(*varargs) -%}
{{ return(found.replace(limit=none) if flags.EMPTY and execute else found) }}
{%- endmacro %}

{#- Where a model of the project stands. -#}
{% macro relation_of_model(name) -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.name == name -%}
    {{ return(showhouse.relation_of(node)) }}
{%- endfor -%}
{%- do exceptions.raise_compiler_error("A view reads `" ~ name ~ "`, which is no model of this project.") -%}
{%- endmacro %}

{% macro relation_of(node) -%}
{{ return(api.Relation.create(database=target.dbname, schema=node.schema, identifier=node.identifier or node.alias)) }}
{%- endmacro %}

{#- The SQL of a table, or the same without a row where the build is asked for none. -#}
{% macro no_rows_if_empty(sql) -%}
{{ return('select * from (\n' ~ sql ~ '\n) as unread where false' if flags.EMPTY else sql) }}
{%- endmacro %}
