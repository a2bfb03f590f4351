{{ config(
    unique_key='episode_id',
    indexes=[
        {'columns': ['episode_id'], 'unique': true},
        {'columns': ['show_id']},
        {'columns': ['disputed_tmdb_episode_id']},
        {'columns': ['imdb_episode_id']},
        {'columns': ['(episode_id::text)'], 'type': 'hash'},
    ],
    meta={
        'replace_by': 'show_id',
        'logs': [],
        'exists_in': ['shows'],
        'disputed': {'tmdb_episode_id': ['stg_tmdb__episodes']},
        'looked_up_by': {
            'imdb_title_basics': 'imdb_episode_id', 'imdb_title_ratings': 'imdb_episode_id',
        },
    },
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

seasons as (

    select * from {{ ref('seasons') }} where {{ is_changed('show_id') }}

),

episodes as (

    {{ unique_episodes([
        'tmdb_episode_id', 'name', 'overview', 'production_code', 'still_path', 'episode_type',
        'runtime_minutes', 'vote_average', 'vote_count', 'air_date',
    ], among='episodes.show_id in (select seasons.show_id from seasons)') }}

),

-- an id that two series list belongs to the first; series whose details never landed claim nothing
identified as (

    select
        episodes.*,
        row_number() over (partition by episodes.episode_id order by episodes.show_id) > 1
        or {{ is_held_elsewhere('episodes.episode_id', 'episodes.show_id') }} as is_disputed
    from episodes

),

-- a page tells the date of the country that it was shown in
imdb as (

    {{ imdb_episodes() }}

)

select
    -- ids
    case
        when imdb.is_own then {{ imdb_entity_id('imdb.imdb_episode_id') }}
        when identified.is_disputed then {{ disputed_episode_id('identified') }}
        else identified.episode_id
    end as episode_id,
    seasons.show_id,
    seasons.season_id,
    case when not identified.is_disputed then identified.tmdb_episode_id end as tmdb_episode_id,
    case when identified.is_disputed then identified.tmdb_episode_id end
        as disputed_tmdb_episode_id,
    imdb.imdb_episode_id,

    -- text
    coalesce(imdb.page_title, identified.name, imdb.title) as title,
    coalesce(imdb.page_overview, identified.overview) as overview,
    identified.production_code,
    identified.still_path,

    -- codes
    identified.episode_type,
    case
        when imdb.page_title is not null then 'imdb'
        when identified.name is not null then 'tmdb'
        when imdb.title is not null then 'imdb'
    end as title_source,
    {{ told_by({'imdb': 'imdb.page_overview', 'tmdb': 'identified.overview'}) }} as overview_source,
    {{ told_by({'tmdb': 'identified.air_date', 'imdb': 'imdb.page_air_date'}) }} as air_date_source,

    -- measures
    seasons.season_number,
    coalesce(identified.episode_number, imdb.episode_number) as episode_number,
    nullif(case when imdb.is_own then imdb.runtime_minutes else identified.runtime_minutes end, 0)
        as runtime_minutes,
    {{ voted('identified.vote_average', 'identified.vote_count') }} as tmdb_vote_average,
    identified.vote_count as tmdb_vote_count,
    imdb.rating_value as imdb_rating_value,
    imdb.rating_count as imdb_rating_count,

    -- dates
    coalesce(identified.air_date, imdb.page_air_date) as air_date
from identified
full join imdb -- 1:1; of series that TMDb has, its numbers alone stand
    on
        identified.show_id = imdb.show_id
        and identified.season_number = imdb.season_number
        and identified.episode_number = imdb.episode_number
inner join seasons -- n:1
    on
        coalesce(identified.show_id, imdb.show_id) = seasons.show_id
        and coalesce(identified.season_number, imdb.season_number) = seasons.season_number
where identified.show_id is not null or imdb.is_own
