{{ config(
    unique_key='episode_id',
    indexes=[
        {'columns': ['episode_id'], 'unique': true},
        {'columns': ['show_id']},
        {'columns': ['(episode_id::text)'], 'type': 'hash'},
    ],
    meta={'replace_by': 'show_id', 'logs': []},
) }}

with

seasons as (

    select * from {{ ref('seasons') }} where {{ is_changed('show_id') }}

),

episodes as (

    {{ unique_episodes([
        'tmdb_episode_id', 'name', 'overview', 'production_code', 'still_path', 'episode_type',
        'runtime_minutes', 'vote_average', 'vote_count', 'air_date',
    ]) }}

),

-- by their numbers: IMDb names no episode of TMDb's; a page tells the date of the country that it
-- was shown in
imdb as (

    {{ imdb_episodes() }}

)

select
    -- ids
    episodes.episode_id,
    episodes.show_id,
    seasons.season_id,
    episodes.tmdb_episode_id,
    imdb.imdb_episode_id,

    -- text
    coalesce(imdb.page_title, episodes.name, imdb.title) as title,
    coalesce(imdb.page_overview, episodes.overview) as overview,
    episodes.production_code,
    episodes.still_path,

    -- codes
    episodes.episode_type,
    case
        when imdb.page_title is not null then 'imdb'
        when episodes.name is not null then 'tmdb'
        when imdb.title is not null then 'imdb'
    end as title_source,

    -- measures
    episodes.season_number,
    episodes.episode_number,
    nullif(episodes.runtime_minutes, 0) as runtime_minutes,
    {{ voted('episodes.vote_average', 'episodes.vote_count') }} as tmdb_vote_average,
    episodes.vote_count as tmdb_vote_count,
    imdb.rating_value as imdb_rating_value,
    imdb.rating_count as imdb_rating_count,

    -- dates
    coalesce(episodes.air_date, imdb.page_air_date) as air_date
from episodes
inner join seasons -- drops episodes of series whose details never landed
    on episodes.show_id = seasons.show_id and episodes.season_number = seasons.season_number
left join imdb -- 1:1
    on
        episodes.show_id = imdb.show_id
        and episodes.season_number = imdb.season_number
        and episodes.episode_number = imdb.episode_number
