{{ config(
    unique_key='show_id',
    indexes=[{'columns': ['show_id'], 'unique': true}],
    meta={'replace_by': 'show_id'},
) }}

with

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

seasons as (

    select
        seasons.show_id,
        (count(*) filter (where seasons.episode_count = 0))::integer as without_episodes_count
    from {{ ref('seasons') }} as seasons
    where {{ is_changed('seasons.show_id') }} and seasons.season_number > 0
    group by seasons.show_id

),

episodes as (

    select
        episodes.show_id,
        (count(*) filter (where episodes.title is null))::integer as without_title_count,
        (count(*) filter (where episodes.overview is null))::integer as without_overview_count,
        (count(*) filter (where episodes.still_path is null))::integer as without_still_count,
        (count(*) filter (where episodes.air_date is null))::integer as without_air_date_count,
        (count(*) filter (where episodes.runtime_minutes is null))::integer as without_runtime_count
    from {{ ref('episodes') }} as episodes
    where {{ is_changed('episodes.show_id') }} and episodes.season_number > 0
    group by episodes.show_id

),

videos as (

    select
        videos.show_id,
        count(*)::integer as video_count
    from {{ ref('show_videos') }} as videos
    where {{ is_changed('videos.show_id') }}
    group by videos.show_id

),

content_ratings as (

    select
        ratings.show_id,
        count(*)::integer as content_rating_count
    from {{ ref('show_content_ratings') }} as ratings
    where {{ is_changed('ratings.show_id') }}
    group by ratings.show_id

),

offers as (

    select
        offers.show_id,
        count(distinct offers.region)::integer as region_count
    from {{ ref('show_watch_providers') }} as offers
    where {{ is_changed('offers.show_id') }}
    group by offers.show_id

),

facts as (

    select
        shows.show_id,
        {{ missing_facts() }} as missing
    from shows
    left join videos on shows.show_id = videos.show_id -- 1:1
    left join content_ratings on shows.show_id = content_ratings.show_id -- 1:1
    left join offers on shows.show_id = offers.show_id -- 1:1

)

select
    -- ids
    shows.show_id,

    -- text
    shows.name,

    -- codes
    facts.missing as missing_facts,

    -- booleans
    shows.is_active,

    -- measures
    {{ share_of_facts('facts.missing') }} as completeness,
    shows.season_count,
    coalesce(seasons.without_episodes_count, 0) as seasons_without_episodes_count,
    shows.episode_count,
    {% for part in ('title', 'overview', 'still', 'air_date', 'runtime') %}
        coalesce(episodes.without_{{ part }}_count, 0) as episodes_without_{{ part }}_count,
    {% endfor %}

    -- metadata
    shows.tmdb_fetched_at
from shows
left join facts on shows.show_id = facts.show_id -- 1:1
left join seasons on shows.show_id = seasons.show_id -- 1:1
left join episodes on shows.show_id = episodes.show_id -- 1:1
