{{ config(
    unique_key='show_id',
    indexes=[
        {'columns': ['show_id'], 'unique': true}, {'columns': ['tmdb_id']}, {'columns': ['imdb_id']},
        {'columns': ["(md5('imdb:' || imdb_id)::uuid)"]}, {'columns': ['tvdb_id']},
        {'columns': ['tvrage_id']}, {'columns': ['wikidata_id']},
        {'columns': ['refused_ids'], 'type': 'gin'},
    ],
    meta={
        'replace_by': 'show_id', 'identity': 'show', 'appears_with': 'imdb_id',
        'outdated_when':
            '{{ this }}.next_episode_air_date <= {{ as_of() }}'
            ' or {{ this }}.most_recent_episode_air_date > {{ as_of() }}',
    },
) }}

with

details as (select * from {{ ref('stg_tmdb__shows') }} where {{ is_claimant('show_id') }}),

metrics as (select * from {{ ref('stg_tmdb__show_metrics') }} where {{ is_changed('show_id') }}),

identities as ({{ show_identities() }}),

lists as ({{ show_lists() }}),

season_counts as ({{ show_season_counts('identities') }}),

schedules as ({{ show_schedules('identities') }}),

images as ({{ primary_images() }})

select
    -- ids
    identities.show_id,
    details.tmdb_id,
    identities.imdb_id,
    identities.tvdb_id,
    identities.tvrage_id,
    identities.wikidata_id,
    identities.facebook_id,
    identities.instagram_id,
    identities.twitter_id,
    images.primary_poster_image_id,
    images.primary_backdrop_image_id,
    images.primary_logo_image_id,

    -- text
    coalesce(details.name, details.original_name, identities.imdb_title) as name,
    details.original_name,
    coalesce(details.overview, identities.imdb_description) as description,
    details.tagline,
    details.homepage,
    details.name as tmdb_name,
    details.poster_path as tmdb_poster_path,
    details.backdrop_path as tmdb_backdrop_path,
    identities.imdb_title,
    schedules.most_recent_episode_title,
    schedules.next_episode_title,

    -- codes
    details.original_language,
    coalesce(details.origin_countries, '{}') as origin_countries,
    coalesce(details.languages, '{}') as languages,
    coalesce(lists.genres, identities.own_genres, '{}') as genres,
    coalesce(lists.keywords, '{}') as keywords,
    coalesce(lists.networks, '{}') as networks,
    coalesce(lists.network_ids, '{}') as tmdb_network_ids,
    coalesce(lists.production_company_ids, '{}') as tmdb_production_company_ids,
    {{ list_tags('identities.tags') }} as listed_on,
    details.status as tmdb_status,
    details.type as tmdb_type,
    identities.imdb_content_rating,
    {{ sources_of_show() }},
    identities.refused_ids,

    -- booleans
    details.is_in_production,
    coalesce(details.is_adult, identities.own_is_adult, false) as is_adult,
    details.is_gone is not true as is_active,
    details.show_id is null as needs_tmdb_resolution,
    identities.imdb_id is null as needs_imdb_resolution,

    -- measures
    {{ voted('metrics.vote_average', 'metrics.vote_count') }} as tmdb_vote_average,
    metrics.vote_count as tmdb_vote_count,
    metrics.popularity as tmdb_popularity,
    coalesce(array_remove(details.episode_run_times, 0), '{}') as episode_run_times,
    identities.imdb_rating_value,
    identities.imdb_rating_count,
    identities.imdb_start_year,
    identities.imdb_end_year,
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
    identities.imdb_fetched_at,
    coalesce(details._load_id, identities.tracked_load_id) as _load_id
from identities
left join details on identities.show_id = details.show_id -- 1:1, none of an IMDb title alone
left join metrics on identities.show_id = metrics.show_id -- 1:1
left join lists on identities.show_id = lists.show_id -- 1:1
left join season_counts on identities.show_id = season_counts.show_id -- 1:1
left join schedules on identities.show_id = schedules.show_id -- 1:1
left join images on identities.show_id = images.show_id -- 1:1
