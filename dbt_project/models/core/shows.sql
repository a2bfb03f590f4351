{{ config(
    unique_key='show_id',
    indexes=[{'columns': ['show_id'], 'unique': true}, {'columns': ['tmdb_id']}, {'columns': ['imdb_id']}],
    meta={
        'replace_by': 'show_id',
        'outdated_when':
            '{{ this }}.next_episode_air_date <= {{ as_of() }}'
            ' or {{ this }}.most_recent_episode_air_date > {{ as_of() }}',
    },
) }}

with

details as (select * from {{ ref('stg_tmdb__shows') }} where {{ is_changed('show_id') }}),

metrics as (select * from {{ ref('stg_tmdb__show_metrics') }} where {{ is_changed('show_id') }}),

external_ids as ({{ show_identities() }}),

tracked as (
    select * from {{ ref('stg_showhouse__tracked_shows') }}
    where {{ is_changed('show_id') }} and is_tracked
),

lists as ({{ show_lists() }}),

season_counts as ({{ show_season_counts() }}),

schedules as ({{ show_schedules() }}),

images as ({{ primary_images() }})

select
    -- ids
    details.show_id,
    details.tmdb_id,
    external_ids.imdb_id,
    external_ids.tvdb_id,
    external_ids.tvrage_id,
    external_ids.wikidata_id,
    external_ids.facebook_id,
    external_ids.instagram_id,
    external_ids.twitter_id,
    images.primary_poster_image_id,
    images.primary_backdrop_image_id,
    images.primary_logo_image_id,

    -- text
    coalesce(details.name, details.original_name) as name,
    details.original_name,
    coalesce(details.overview, external_ids.imdb_description) as description,
    details.tagline,
    details.homepage,
    details.name as tmdb_name,
    details.poster_path as tmdb_poster_path,
    details.backdrop_path as tmdb_backdrop_path,
    external_ids.imdb_title,
    schedules.most_recent_episode_title,
    schedules.next_episode_title,

    -- codes
    details.original_language,
    details.origin_countries,
    details.languages,
    coalesce(lists.genres, '{}') as genres,
    coalesce(lists.keywords, '{}') as keywords,
    coalesce(lists.networks, '{}') as networks,
    coalesce(lists.network_ids, '{}') as tmdb_network_ids,
    coalesce(lists.production_company_ids, '{}') as tmdb_production_company_ids,
    {{ list_tags('tracked.tags') }} as listed_on,
    details.status as tmdb_status,
    details.type as tmdb_type,
    external_ids.imdb_content_rating,

    -- booleans
    details.is_in_production,
    coalesce(details.is_adult, false) as is_adult,
    not details.is_gone as is_active,
    false as needs_tmdb_resolution,
    external_ids.imdb_id is null as needs_imdb_resolution,

    -- measures
    {{ voted('metrics.vote_average', 'metrics.vote_count') }} as tmdb_vote_average,
    metrics.vote_count as tmdb_vote_count,
    metrics.popularity as tmdb_popularity,
    array_remove(details.episode_run_times, 0) as episode_run_times,
    external_ids.imdb_rating_value,
    external_ids.imdb_rating_count,
    external_ids.imdb_start_year,
    external_ids.imdb_end_year,
    coalesce(season_counts.season_count, 0) as season_count,
    coalesce(schedules.episode_count, 0) as episode_count,
    details.stated_season_count as tmdb_season_count,
    details.stated_episode_count as tmdb_episode_count,
    schedules.most_recent_episode_season,
    schedules.most_recent_episode_number,
    schedules.next_episode_season,
    schedules.next_episode_number,

    -- dates
    details.first_air_date as premiere_date,
    details.first_air_date as tmdb_first_air_date,
    details.last_air_date as tmdb_last_air_date,
    schedules.most_recent_episode_air_date,
    schedules.next_episode_air_date,

    -- metadata
    details.fetched_at as tmdb_fetched_at,
    external_ids.imdb_fetched_at,
    details._load_id
from details
left join metrics on details.show_id = metrics.show_id -- 1:1
left join external_ids on details.show_id = external_ids.show_id -- 1:1
left join tracked on details.show_id = tracked.show_id -- 1:1
left join lists on details.show_id = lists.show_id -- 1:1
left join season_counts on details.show_id = season_counts.show_id -- 1:1
left join schedules on details.show_id = schedules.show_id -- 1:1
left join images on details.show_id = images.show_id -- 1:1
