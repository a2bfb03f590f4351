{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

with

genres as (

    select * from {{ ref('show_genres') }}

)

select
    -- ids
    genres.genre_id,

    -- text
    min(genres.name) as name
from genres
group by genres.genre_id
