{{ config(
    unique_key=['show_id', 'keyword_id'],
    indexes=[{'columns': ['show_id', 'keyword_id'], 'unique': true}, {'columns': ['keyword_id']}],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

listed as (

    {{ first_listed(ref('stg_tmdb__show_keywords'), ['keyword_id'], ['name', 'position']) }}

)

select
    -- ids
    listed.show_id,
    listed.keyword_id,

    -- text
    listed.name,

    -- measures
    listed.position
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
