{{ config(
    unique_key=['show_id', 'country', 'rating'],
    indexes=[{'columns': ['show_id', 'country', 'rating'], 'unique': true}],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

listed as (

    {{ first_listed(
        ref('stg_tmdb__show_content_ratings'), ['country', 'rating'], ['descriptors', 'position'],
    ) }}

)

select
    -- ids
    listed.show_id,

    -- codes
    listed.country,
    listed.rating,
    listed.descriptors,

    -- measures
    listed.position
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
