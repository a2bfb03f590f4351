{{ config(materialized='view') }}

with

listed_series as (

    select * from {{ ref('stg_tmdb__listed_series') }}

),

popularities as (

    select * from {{ ref('stg_tmdb__listed_popularity') }}

),

shows as not materialized (

    select * from {{ ref('shows') }}

)

select
    -- ids
    listed_series.tmdb_id,
    shows.show_id,

    -- text
    listed_series.original_name,

    -- booleans
    shows.show_id is not null as is_held,

    -- measures
    popularities.popularity,

    -- times
    popularities.fetched_at as popularity_at
from listed_series
left join popularities on listed_series.tmdb_id = popularities.tmdb_id -- 1:1
left join shows on listed_series.show_id = shows.show_id -- 1:1
where shows.is_adult is not true
