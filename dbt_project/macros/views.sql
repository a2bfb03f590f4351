{#-
    Views are replaced in place. dbt's own way makes a new one beside the old and drops the old with all that reads it:
    a view in `marts` over one in `core` would be gone from the beginning of a build until its own turn, for minutes, and
    for good after a build of a part. Only where a view's columns change does it go, and come back in the same build.
-#}
{% materialization view, adapter='postgres' %}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- set existing = load_cached_relation(this) -%}
{%- set target_relation = this.incorporate(type='view') -%}
{%- if existing is not none and not existing.is_view -%}
    {%- do adapter.drop_relation(existing) -%}
{%- endif -%}
{%- set create = get_create_view_as_sql(target_relation, sql) -%}
{% call statement('main') -%}
do $in_place$
begin
    execute $view${{ create | replace('create view', 'create or replace view', 1) }}$view$;
exception
    when invalid_table_definition then -- other columns than it had
        drop view {{ target_relation }} cascade;
        execute $view${{ create }}$view$;
end
$in_place$
{%- endcall %}
{%- do apply_grants(target_relation, config.get('grants'), should_revoke=True) -%}
{%- do persist_docs(target_relation, model) -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
