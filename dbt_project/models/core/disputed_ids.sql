{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

with

seasons as not materialized (

    select * from {{ ref('seasons') }}

),

episodes as not materialized (

    select * from {{ ref('episodes') }}

),

disputed as (

    select
        seasons.season_id as entity_id,
        seasons.show_id,
        holders.show_id as holder_show_id,
        seasons.disputed_tmdb_season_id as tmdb_id,
        'season' as entity_type
    from seasons
    left join seasons as holders -- 1:1
        on seasons.disputed_tmdb_season_id = holders.tmdb_season_id
    where seasons.disputed_tmdb_season_id is not null
    union all
    select
        episodes.episode_id as entity_id,
        episodes.show_id,
        holders.show_id as holder_show_id,
        episodes.disputed_tmdb_episode_id as tmdb_id,
        'episode' as entity_type
    from episodes
    left join episodes as holders -- 1:1
        on episodes.disputed_tmdb_episode_id = holders.tmdb_episode_id
    where episodes.disputed_tmdb_episode_id is not null

)

select
    -- ids
    disputed.entity_id,
    disputed.show_id,
    disputed.holder_show_id,
    disputed.tmdb_id,

    -- codes
    disputed.entity_type
from disputed
