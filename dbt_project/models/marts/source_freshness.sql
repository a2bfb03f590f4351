{{ config(materialized='view') }}

with

fetches as (

    select * from {{ ref('stg_showhouse__fetches') }}

),

sources as (

    select * from {{ ref('stg_reference__sources') }}

),

-- what the newest lists of ids name, by the resource that answers for such an id
listed as (

    select
        'tmdb_tv_details' as resource,
        tmdb_id
    from {{ ref('stg_tmdb__listed_series') }}
    union all
    select
        'tmdb_person_details' as resource,
        tmdb_person_id as tmdb_id
    from {{ ref('stg_tmdb__listed_people') }}
    union all
    select
        'tmdb_network_details' as resource,
        network_id as tmdb_id
    from {{ ref('stg_tmdb__listed_networks') }}
    union all
    select
        'tmdb_company_details' as resource,
        production_company_id as tmdb_id
    from {{ ref('stg_tmdb__listed_production_companies') }}

),

known as (

    select
        fetches.source,
        fetches.resource,
        fetches.status,
        fetches.last_checked_at,
        fetches.last_changed_at,
        fetches.next_due_at
    from fetches
    union all
    select
        'tmdb' as source,
        listed.resource,
        null as status,
        null as last_checked_at,
        null as last_changed_at,
        null as next_due_at
    from listed
    left join fetches -- 1:1
        on listed.resource = fetches.resource and listed.tmdb_id::text = fetches.key
    where fetches.key is null -- drops what the books know already

),

counted as (

    select
        known.source,
        known.resource,
        count(*) as known_count,
        count(*) filter (where known.status = 'known') as never_asked_count,
        count(*) filter (
            where known.next_due_at < date_trunc('day', now(), 'UTC') + interval '1 day'
        ) as due_today_count,
        count(*) filter (where known.status = 'ok') as held_count,
        count(*) filter (where known.status = 'gone') as gone_count,
        count(*) filter (where known.next_due_at <= now()) as due_count,
        count(*) filter (where known.next_due_at <= now() - interval '1 day') as overdue_count,
        count(*) filter (where known.status = 'failed') as failing_count,
        min(known.last_checked_at) as oldest_checked_at,
        max(known.last_checked_at) as newest_checked_at,
        max(known.last_changed_at) as last_changed_at
    from known
    group by known.source, known.resource

)

select
    -- ids
    counted.source,
    counted.resource,

    -- text
    sources.attribution,
    sources.licence,

    -- measures
    counted.known_count,
    counted.held_count,
    counted.never_asked_count,
    counted.gone_count,
    counted.due_count,
    counted.due_today_count,
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
