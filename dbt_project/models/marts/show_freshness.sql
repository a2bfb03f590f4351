{{ config(materialized='view') }}

with

fetches as (

    select * from {{ ref('stg_showhouse__fetches') }}

),

shows as not materialized (

    select * from {{ ref('shows') }}

),

seasons as (

    select * from {{ ref('seasons') }}

),

parts as (

    {{ parts_of_a_show() }}

),

-- what is to be held of a show: each of its parts, each of its seasons and their regulars; TMDb is
-- asked for them
wanted as (

    select
        shows.show_id,
        parts.resource,
        shows.tmdb_id::text as key,
        null::integer as season_number
    from shows
    cross join parts
    where shows.tmdb_id is not null
    union all
    select
        seasons.show_id,
        parts_of_a_season.resource,
        shows.tmdb_id::text || '/season/' || seasons.season_number as key,
        seasons.season_number
    from seasons
    inner join shows on seasons.show_id = shows.show_id -- every season's show stands there
    cross join (
        values ('tmdb_tv_seasons'), ('tmdb_tv_season_credits')
    ) as parts_of_a_season (resource)

)

select
    -- ids
    wanted.show_id,
    wanted.resource,
    wanted.key,

    -- text
    fetches.error,

    -- codes
    case
        when fetches.resource is null then 'never_fetched'
        when fetches.status = 'failed' then 'failing'
        when fetches.next_due_at <= now() then 'due'
        when fetches.status = 'gone' then 'gone'
        else 'fresh'
    end as state,

    -- measures
    wanted.season_number,
    coalesce(fetches.attempts, 0) as attempts,

    -- times
    fetches.last_checked_at,
    fetches.last_changed_at,
    fetches.last_failed_at,
    fetches.next_due_at
from wanted
left join fetches -- 1:1
    on wanted.resource = fetches.resource and wanted.key = fetches.key
