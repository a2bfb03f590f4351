{#-
    A build is one dbt invocation. It fixes a horizon, the highest committed load: every staging view shows the
    world as of that load, whatever is being landed meanwhile. `staging.builds` holds the builds,
    `staging.watermarks` what each model was last built from, `staging.changes` which keys each model last changed.
-#}

{#- on-run-start: take over from an unfinished build, fix the horizon, see that the staging views stand. -#}
{% macro begin_build() -%}
{%- if execute and flags.WHICH in ('build', 'run') -%}
    {%- do showhouse.require_raw() -%}
    {%- do showhouse.require_no_other_build() -%}
    {{ showhouse.build_tables() }}
    {{ showhouse.count_what_grew() }}
    update {{ showhouse.layer('staging') }}.builds set taken_over_at = clock_timestamp()
    where finished_at is null and taken_over_at is null;
    insert into {{ showhouse.layer('staging') }}.builds (invocation_id, horizon, as_of, started_at)
    select
        '{{ invocation_id }}',
        coalesce((select max(loads.load_id) from raw.loads as loads), 0),
        {% if var('as_of') %}'{{ var("as_of") }}'::date{% else %}(now() at time zone 'utc')::date{% endif %},
        clock_timestamp();
    {{ showhouse.missing_staging_views() }}
    commit; -- dbt leaves the transaction of such a hook open
{%- endif -%}
{%- endmacro %}

{#- on-run-end -#}
{% macro end_build(results) -%}
{%- if execute and flags.WHICH in ('build', 'run') -%}
    update {{ showhouse.layer('staging') }}.builds set finished_at = clock_timestamp() where invocation_id = '{{ invocation_id }}';
    commit;
{%- endif -%}
{%- endmacro %}

{#-
    Pre-hook of every table: a build that was taken over by a newer one stops before it writes; then which keys changed.
-#}
{% macro join_build() -%}
set local timezone to 'UTC'; -- documents print instants
set local enable_memoize to off; -- no two documents' arrays are equal: hashing each as a key cost a third of the time
do $$
begin
    perform from {{ showhouse.layer('staging') }}.builds
    where invocation_id = '{{ invocation_id }}' and taken_over_at is null
    for share;
    if not found then
        raise exception 'This build was taken over by a newer one; nothing more is written. Wait for that build.';
    end if;
end
$$;
{{ showhouse.collect_changed_parents() }}
{%- endmacro %}

{% macro build_tables() -%}
select pg_advisory_xact_lock(hashtext('showhouse.begin_build'));
{%- for name in ('staging', 'core', 'marts') %}
create schema if not exists {{ showhouse.layer(name) }};
{%- endfor %}
create table if not exists {{ showhouse.layer('staging') }}.builds (
    build_id bigint generated always as identity primary key,
    invocation_id text not null unique,
    horizon bigint not null,
    as_of date not null,
    started_at timestamptz not null,
    finished_at timestamptz,
    taken_over_at timestamptz
);
create table if not exists {{ showhouse.layer('staging') }}.watermarks (
    model text primary key,
    build_id bigint not null,
    full_build_id bigint not null,
    horizon bigint not null,
    fingerprint text not null
);
alter table {{ showhouse.layer('staging') }}.watermarks add column if not exists keys text; -- older ones have none
create table if not exists {{ showhouse.layer('staging') }}.changes (
    model text not null,
    domain text not null,
    key text not null,
    changed_in bigint not null,
    appeared_in bigint,
    primary key (model, domain, key)
);
create index if not exists changes_changed_in on {{ showhouse.layer('staging') }}.changes (model, domain, changed_in);
{%- for role, names in (('showhouse_reader', ['marts']), ('showhouse_analyst', ['core', 'marts']),
                       ('showhouse_loader', ['core', 'marts'])) if target.name != 'dev' %}
do $$
begin
    if to_regrole('{{ role }}') is not null then
        {%- for name in names %}
        grant usage on schema {{ name }} to {{ role }};
        alter default privileges in schema {{ name }} grant select on tables to {{ role }};
        grant select on all tables in schema {{ name }} to {{ role }};
        {%- endfor %}
    end if;
end
$$;
{%- endfor %}
{%- endmacro %}

{#- A selection such as `shows+` leaves the staging views out; where they do not stand yet, they are made here. -#}
{% macro missing_staging_views() -%}
{%- set standing = run_query(
    "select table_name from information_schema.views where table_schema = '" ~ showhouse.layer('staging') ~ "'"
).columns[0].values() | list -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.fqn[1] == 'staging' -%}
    {%- if node.name not in standing and node.unique_id not in selected_resources %}
    create view {{ node.schema }}.{{ adapter.quote(node.alias) }} as {{ render(node.raw_code) }};
    {% endif -%}
{%- endfor -%}
{%- endmacro %}
