{#-
    A build is one dbt invocation, or several that the command makes in a row and that share a name (`var('build')`). It
    fixes a horizon, the highest committed load: every staging view shows the world as of that load, whatever is being
    landed meanwhile. `staging.builds` holds the builds, `staging.watermarks` what each model was last built from,
    `staging.changes` which keys each model last changed.
-#}

{% macro is_build() -%}
{{ return(execute and flags.WHICH in ('build', 'run', 'retry')) }}
{%- endmacro %}

{#-
    The command gives a build of several invocations a name, and the horizon for which it decided what to build; how such a build
    ended it notes itself.
-#}
{% macro build_name() -%}
{{ return(var('build').get('name') or invocation_id) }}
{%- endmacro %}

{#-
    on-run-start: take over from an unfinished build, fix the horizon, see that the staging views stand. Of a build of several
    invocations the first does all of it.
-#}
{% macro begin_build() -%}
{%- if showhouse.is_build() and not (var('build').get('name') and showhouse.has_begun()) -%}
    {%- do showhouse.require_raw() -%}
    {%- do showhouse.require_no_other_build() -%}
    {%- do showhouse.refuse_to_empty() -%}
    {{ showhouse.build_tables() }}
    {{ showhouse.count_what_grew() }}
    update {{ showhouse.layer('staging') }}.builds set taken_over_at = clock_timestamp()
    where finished_at is null and taken_over_at is null;
    insert into {{ showhouse.layer('staging') }}.builds (invocation_id, horizon, as_of, started_at)
    select
        '{{ showhouse.build_name() }}',
        {{ var('build').get('horizon', 'coalesce((select max(loads.load_id) from raw.loads as loads), 0)') }},
        {% if var('as_of') %}'{{ var("as_of") }}'::date{% else %}(now() at time zone 'utc')::date{% endif %},
        clock_timestamp();
    {{ showhouse.missing_views(['staging', 'intermediate'], selected_resources) }}
    commit; -- dbt leaves the transaction of such a hook open
{%- endif -%}
{%- endmacro %}

{#- on-run-end: bring back what views are missing, describe what is new, and note that the build has ended well, if it has. -#}
{% macro end_build(results) -%}
{%- if showhouse.is_build() and showhouse.has_begun() -%}
    {{ showhouse.missing_views(['staging', 'intermediate', 'core', 'marts'], []) }}
    {{ showhouse.describe(results) }}
    {%- if not var('build').get('name') %}
        {{ showhouse.forget_lost_models() }}
        {%- do showhouse.name_orphans() -%}
        {%- if showhouse.all_models_stand(results) %}
    update {{ showhouse.layer('staging') }}.builds set finished_at = clock_timestamp()
    where invocation_id = '{{ showhouse.build_name() }}';
        {%- endif %}
    {%- endif %}
    commit;
{%- endif -%}
{%- endmacro %}

{#- Whether `begin_build` came to its end: a build that it refused has nothing to end. -#}
{% macro has_begun() -%}
{{ return(
    run_query("select to_regclass('" ~ showhouse.layer('staging') ~ ".builds') is not null").rows[0][0]
    and run_query("select exists (select from " ~ showhouse.layer('staging') ~ ".builds where invocation_id = '"
        ~ showhouse.build_name() ~ "')").rows[0][0]
) }}
{%- endmacro %}

{#- Whether no model failed or was left out because something before it failed. -#}
{% macro all_models_stand(results) -%}
{%- for result in results if result.node.resource_type == 'model' and result.status | string != 'success' -%}
    {{ return(false) }}
{%- endfor -%}
{{ return(true) }}
{%- endmacro %}

{#-
    Pre-hook of every table: a build that was taken over by a newer one stops before it writes; then which keys changed.
    `dbt clone` runs hooks as well, and copies what another build wrote.
-#}
{% macro join_build() -%}
{%- if showhouse.is_build() -%}
set local timezone to 'UTC'; -- documents print instants
set local enable_memoize to off; -- no two documents' arrays are equal: hashing each as a key cost a third of the time
do $$
begin
    perform from {{ showhouse.layer('staging') }}.builds
    where invocation_id = '{{ showhouse.build_name() }}' and taken_over_at is null
    for share;
    if not found then
        raise exception 'This build was taken over by a newer one; nothing more is written. Wait for that build.';
    end if;
end
$$;
{{ showhouse.collect_changed_parents() }}
{%- endif -%}
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
create table if not exists {{ showhouse.layer('staging') }}.changes (
    model text not null,
    domain text not null,
    key text not null,
    changed_in bigint not null,
    appeared_in bigint,
    primary key (model, domain, key)
);
create index if not exists changes_changed_in on {{ showhouse.layer('staging') }}.changes (model, domain, changed_in);
{#- what older code made has fewer columns #}
alter table {{ showhouse.layer('staging') }}.builds add column if not exists code text;
alter table {{ showhouse.layer('staging') }}.watermarks add column if not exists keys text;
alter table {{ showhouse.layer('staging') }}.watermarks add column if not exists description text;
{{ showhouse.grant_what_stands() if target.name == 'prod' }}
{%- endmacro %}
