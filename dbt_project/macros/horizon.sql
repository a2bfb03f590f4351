{#- What a build sees: the versions of the raw tables as of its horizon. -#}

{#- The load as of which everything is shown, and the date for which it is built: scalar subqueries. -#}
{% macro horizon() -%}
(select builds.horizon from staging.builds as builds order by builds.build_id desc limit 1)
{%- endmacro %}

{% macro as_of() -%}
(select builds.as_of from staging.builds as builds order by builds.build_id desc limit 1)
{%- endmacro %}

{% macro build_id() -%}
(select builds.build_id from staging.builds as builds where builds.invocation_id = '{{ invocation_id }}')
{%- endmacro %}

{#-
    The versions of a raw table that were valid at the horizon: landed by then, not superseded by then.
    Nearly every version had landed by then; `+ 0` keeps the planner from asking the index on loads for them all.
-#}
{% macro at_horizon(raw_table) -%}
(
    select
        version.key,
        version.payload,
        version.is_tombstone,
        version.fetched_at,
        version.load_id
    from {{ raw_table }} as version
    where
        version.load_id + 0 <= {{ showhouse.horizon() }}
        and (version.superseded_by is null or version.superseded_by > {{ showhouse.horizon() }})
) as version
{%- endmacro %}

{#- The same for entities that stay when the source drops them: a tombstone shows the last payload before it. -#}
{% macro last_known_at_horizon(raw_table) -%}
(
    select
        version.key,
        coalesce(
            version.payload,
            (
                select earlier.payload
                from {{ raw_table }} as earlier
                where earlier.key = version.key and earlier.load_id < version.load_id and earlier.payload is not null
                order by earlier.load_id desc
                limit 1
            )
        ) as payload,
        version.is_tombstone,
        version.fetched_at,
        version.load_id
    from {{ raw_table }} as version
    where
        version.load_id + 0 <= {{ showhouse.horizon() }}
        and (version.superseded_by is null or version.superseded_by > {{ showhouse.horizon() }})
) as version
{%- endmacro %}

{#- Every version that had landed by the horizon, with the load that ended it (null while valid). -#}
{% macro history_at_horizon(raw_table) -%}
(
    select
        version.key,
        version.payload,
        version.is_tombstone,
        version.fetched_at,
        version.load_id
    from {{ raw_table }} as version
    where version.load_id + 0 <= {{ showhouse.horizon() }}
) as version
{%- endmacro %}
