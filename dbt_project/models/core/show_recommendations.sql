{{ config(
    unique_key=['show_id', 'recommended_tmdb_id'],
    indexes=[
        {'columns': ['show_id', 'recommended_tmdb_id'], 'unique': true},
        {'columns': ['recommended_show_id']},
    ],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

recommended as (

    select * from {{ ref('stg_tmdb__show_recommendations') }}
    where
        {{ is_changed('show_id') }}
        and recommended_tmdb_id is not null
        and coalesce(media_type, 'tv') = 'tv' -- a film may have the same number

),

-- an entry listed twice counts once, at its first place
listed as (

    select distinct on (recommended.show_id, recommended.recommended_tmdb_id) recommended.*
    from recommended
    order by recommended.show_id, recommended.recommended_tmdb_id, recommended.position

)

select
    -- ids
    listed.show_id,
    {{ entity_id("'tmdb:tv:' || listed.recommended_tmdb_id") }} as recommended_show_id,
    listed.recommended_tmdb_id,

    -- text
    listed.name,

    -- booleans
    listed.is_adult,

    -- measures
    listed.position,

    -- dates
    listed.first_air_date
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
