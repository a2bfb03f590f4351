{#- What a build sees: the versions of the raw tables as of its horizon. -#}

{#- The load as of which everything is shown, and the date for which it is built: scalar subqueries. -#}
{% macro horizon() -%}
(select builds.horizon from {{ showhouse.layer('staging') }}.builds as builds order by builds.build_id desc limit 1)
{%- endmacro %}

{#- The same of the last build that ended: what a reader sees who reads no table of core or marts. -#}
{% macro finished_horizon() -%}
(
    select builds.horizon from {{ showhouse.layer('staging') }}.builds as builds
    where builds.finished_at is not null order by builds.build_id desc limit 1
)
{%- endmacro %}

{% macro as_of() -%}
(select builds.as_of from {{ showhouse.layer('staging') }}.builds as builds order by builds.build_id desc limit 1)
{%- endmacro %}

{% macro build_id() -%}
(select builds.build_id from {{ showhouse.layer('staging') }}.builds as builds where builds.invocation_id = '{{ showhouse.build_name() }}')
{%- endmacro %}

{#-
    The versions of a raw table that were valid at the horizon: landed by then, not superseded by then, and with
    their payload: one that was purged is given up, whatever the horizon.
    Nearly every version had landed by then; `+ 0` keeps the planner from asking the index on loads for them all.
-#}
{% macro at_horizon(raw_table, horizon=none, also=[]) -%}
{%- set horizon = horizon or showhouse.horizon() -%}
(
    select
        {%- for column in also %}
        version.{{ column }},
        {%- endfor %}
        version.key,
        version.payload,
        version.is_tombstone,
        version.fetched_at,
        version.load_id
    from {{ raw_table }} as version
    where
        version.load_id + 0 <= {{ horizon }}
        and (version.superseded_by is null or version.superseded_by > {{ horizon }})
        and version.purged_at is null
) as version
{%- endmacro %}

{#-
    The same for entities that stay when the source drops them: a tombstone shows the last payload before it, for as
    long as that one may be kept; when it is purged, the entity leaves. What was asked for and never there is none.
-#}
{% macro last_known_at_horizon(raw_table) -%}
(
    select
        version.key,
        coalesce(version.payload, earlier.payload) as payload,
        version.payload as latest_payload,
        version.is_tombstone,
        version.fetched_at,
        version.load_id
    from {{ raw_table }} as version
    left join lateral (
        select
            before.payload,
            before.purged_at
        from {{ raw_table }} as before
        where
            version.is_tombstone
            and before.key = version.key
            and before.load_id < version.load_id
            and not before.is_tombstone
            and (before.taken_back_by is null or before.taken_back_by > {{ showhouse.horizon() }})
        order by before.load_id desc
        limit 1
    ) as earlier on true
    where
        version.load_id + 0 <= {{ showhouse.horizon() }}
        and (version.superseded_by is null or version.superseded_by > {{ showhouse.horizon() }})
        and version.purged_at is null
        and earlier.purged_at is null
        and (not version.is_tombstone or earlier.payload is not null)
) as version
{%- endmacro %}

{#-
    Every version that had landed by the horizon, without those that were taken back by then. A version that a
    take-back restored stands here once, as it first came; one that was purged stands without its payload.
-#}
{% macro history_at_horizon(raw_table) -%}
(
    select
        version.key,
        version.payload,
        version.is_tombstone,
        version.purged_at,
        version.fetched_at,
        version.load_id
    from {{ raw_table }} as version
    where
        version.load_id + 0 <= {{ showhouse.horizon() }}
        and (version.taken_back_by is null or version.taken_back_by > {{ showhouse.horizon() }})
        and version.restored_from is null
) as version
{%- endmacro %}
