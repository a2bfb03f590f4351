{{ config(materialized='view') }}

with

fetches as (

    select * from {{ ref('stg_showhouse__fetches') }}

),

sources as (

    select * from {{ ref('stg_reference__sources') }}

),

counted as (

    select
        fetches.source,
        fetches.resource,
        count(*) filter (where fetches.status = 'ok') as held_count,
        count(*) filter (where fetches.status = 'gone') as gone_count,
        count(*) filter (where fetches.next_due_at <= now()) as due_count,
        count(*) filter (where fetches.next_due_at <= now() - interval '1 day') as overdue_count,
        count(*) filter (where fetches.status = 'failed') as failing_count,
        min(fetches.last_checked_at) as oldest_checked_at,
        max(fetches.last_checked_at) as newest_checked_at,
        max(fetches.last_changed_at) as last_changed_at
    from fetches
    group by fetches.source, fetches.resource

)

select
    -- ids
    counted.source,
    counted.resource,

    -- text
    sources.attribution,
    sources.licence,

    -- measures
    counted.held_count,
    counted.gone_count,
    counted.due_count,
    counted.overdue_count,
    counted.failing_count,
    sources.retention_days,

    -- times
    counted.oldest_checked_at,
    counted.newest_checked_at,
    counted.last_changed_at
from counted
left join sources -- 1:1; watch providers are JustWatch's data, told through TMDb
    on
        case
            when counted.resource = 'tmdb_tv_watch_providers' then 'justwatch' else counted.source
        end = sources.source
