{{ config(
    unique_key='show_id',
    indexes=[{'columns': ['show_id'], 'unique': true}],
    meta={'replace_by': 'show_id'},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

)

select
    -- ids
    shows.show_id,
    shows.tmdb_id
from shows
where shows.is_adult
