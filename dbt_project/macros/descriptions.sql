{#-
    What the project says of its relations and columns stands in the database as well, as comments: the end of a build writes
    those of what this invocation made anew, or whose text changed. `persist_docs` says of which layers.
-#}

{% macro describe(results) -%}
{%- set written = run_query(
    'select model, description from ' ~ showhouse.layer('staging') ~ '.watermarks where description is not null'
) -%}
{%- set hashes = dict(zip(written.columns[0].values(), written.columns[1].values())) -%}
{%- for result in results if result.node.resource_type == 'model' and result.status | string == 'success' -%}
    {%- set node = graph.nodes[result.node.unique_id] -%}
    {%- if node.config.persist_docs -%}
        {%- set hash = showhouse.hash_of_description(node) -%}
        {%- if hashes.get(node.name) != hash %}
{{ showhouse.comments(node) }}
update {{ showhouse.layer('staging') }}.watermarks set description = '{{ hash }}' where model = '{{ node.name }}';
        {%- endif -%}
    {%- endif -%}
{%- endfor -%}
{%- endmacro %}

{% macro hash_of_description(node) -%}
{%- set texts = [node.description] -%}
{%- for column in node.columns.values() -%}
    {%- do texts.append([column.name, column.description]) -%}
{%- endfor -%}
{{ return(local_md5(tojson(texts))) }}
{%- endmacro %}

{% macro comments(node) -%}
{%- set relation = showhouse.relation_of(node) -%}
{%- if node.config.persist_docs.relation %}
comment on {{ 'view' if node.config.materialized == 'view' else 'table' }} {{ relation }} is {{ postgres_escape_comment(node.description) }};
{%- endif %}
{%- for column in node.columns.values() if node.config.persist_docs.columns %}
comment on column {{ relation }}.{{ adapter.quote(column.name) }} is {{ postgres_escape_comment(column.description) }};
{%- endfor %}
{%- endmacro %}
