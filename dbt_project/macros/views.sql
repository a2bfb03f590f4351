{#-
    Views are replaced in place, and only where their SQL is another than they were made by, or another view stands in their
    place: each replacement locks readers out. dbt's own way makes a new one beside the old and drops the old with all that
    reads it: a view in `marts` over one in `core` would be gone from the beginning of a build until its own turn, for
    minutes, and for good after a build of a part.
-#}
{% materialization view, adapter='postgres' %}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- set target_relation = this.incorporate(type='view') -%}
{% call statement('main') -%}
{{ showhouse.view_in_place(
    target_relation, sql, get_create_view_as_sql(target_relation, sql), load_cached_relation(this), showhouse.is_build()
) }}
{%- endcall %}
{%- do apply_grants(target_relation, config.get('grants'), should_revoke=True) -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#- `existing` is what stands in its place; `is_noted`: the watermark of the view says by what it was made. -#}
{% macro view_in_place(relation, sql, create, existing, is_noted) -%}
do $in_place$
begin
    {%- if is_noted %}
    if exists (
        select from {{ showhouse.layer('staging') }}.watermarks as watermarks
        where
            watermarks.model = '{{ relation.identifier }}'
            and watermarks.fingerprint = {{ showhouse.fingerprint_of_view(relation, sql) }}
    ) then
        return;
    end if;
    {%- endif %}
    perform {{ showhouse.exchange_lock() }};
    {%- if existing is not none and not existing.is_view %}
    {{ showhouse.exchanged(relation, 'drop table ' ~ relation ~ ' cascade', create) }}
    {%- else %}
    begin
        execute $view${{ create | replace('create view', 'create or replace view', 1) }}$view$;
    exception
        when invalid_table_definition then -- other columns than it had
            {{ showhouse.exchanged(relation, 'drop view ' ~ relation ~ ' cascade', create) }}
    end;
    {%- endif %}
    {{ showhouse.grant_to_readers(relation) }}
    {%- if is_noted %}
    {{ showhouse.note_view(relation, sql) }}
    {%- endif %}
end
$in_place$
{%- endmacro %}

{#- SQL for one hash of what a view was made by and how Postgres holds it; null where no view stands. -#}
{% macro fingerprint_of_view(relation, sql) -%}
(
    select '{{ local_md5(sql | trim) }}' || md5(pg_get_viewdef(relations.oid))
    from pg_class as relations
    where relations.oid = to_regclass('{{ relation }}') and relations.relkind = 'v'
)
{%- endmacro %}

{% macro note_view(relation, sql) -%}
insert into {{ showhouse.layer('staging') }}.watermarks (model, build_id, full_build_id, horizon, fingerprint)
select
    '{{ relation.identifier }}', builds.build_id, builds.build_id, builds.horizon,
    {{ showhouse.fingerprint_of_view(relation, sql) }}
from {{ showhouse.layer('staging') }}.builds as builds
where builds.invocation_id = '{{ showhouse.build_name() }}'
on conflict (model) do update set
    build_id = excluded.build_id,
    full_build_id = excluded.full_build_id,
    horizon = excluded.horizon,
    fingerprint = excluded.fingerprint,
    description = null;
{%- endmacro %}

{#-
    The views of some layers that do not stand, whatever was selected, each after those it reads; without those that this
    invocation makes itself, and those that read what does not stand. A selection such as `shows+` leaves the staging
    views out, and a table that was replaced by newer code may have lost a view that reads it.
-#}
{% macro missing_views(layers, selected) -%}
{%- set standing = run_query(
    "select relnamespace::regnamespace::text || '.' || relname from pg_class where relkind in ('v', 'r', 'p') and relnamespace::regnamespace::text in ('"
    ~ showhouse.layer('staging') ~ "', '" ~ showhouse.layer('core') ~ "', '" ~ showhouse.layer('marts') ~ "')"
).columns[0].values() | list -%}
{%- set missing = {} -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.config.materialized == 'view' and node.fqn[1] in layers -%}
    {%- if node.unique_id not in selected and node.schema ~ '.' ~ node.alias not in standing -%}
        {%- do missing.update({node.unique_id: node}) -%}
    {%- endif -%}
{%- endfor -%}
{%- for node in showhouse.in_order(missing) if showhouse.can_stand(node, standing) %}
{%- do standing.append(node.schema ~ '.' ~ node.alias) -%}
{%- set relation, sql = showhouse.relation_of(node), render(node.raw_code) %}
{{ showhouse.view_in_place(relation, sql, 'create view ' ~ relation ~ ' as (\n' ~ sql ~ '\n);', none, is_noted=true) }};
{% endfor -%}
{%- endmacro %}

{#- Nodes by unique id as a list, each after those of them that it reads. -#}
{% macro in_order(nodes) -%}
{%- set ordered = [] -%}
{%- set left = nodes.values() | list -%}
{%- for _ in nodes if ordered | length < nodes | length -%}
    {%- for node in left if node not in ordered -%}
        {%- set waits_for = node.depends_on.nodes | select('in', nodes) | reject('in', ordered | map(attribute='unique_id') | list) | list -%}
        {%- if not waits_for -%}
            {%- do ordered.append(node) -%}
        {%- endif -%}
    {%- endfor -%}
{%- endfor -%}
{{ return(ordered) }}
{%- endmacro %}

{#- Whether all models stand that a view reads. -#}
{% macro can_stand(node, standing) -%}
{%- for unique_id in node.depends_on.nodes if unique_id in graph.nodes -%}
    {%- set parent = graph.nodes[unique_id] -%}
    {%- if parent.config.materialized != 'ephemeral' and parent.schema ~ '.' ~ parent.alias not in standing -%}
        {{ return(false) }}
    {%- endif -%}
{%- endfor -%}
{{ return(true) }}
{%- endmacro %}
