{{ config(
    unique_key=['show_id', 'region', 'offer_type', 'provider_id'],
    indexes=[
        {'columns': ['show_id', 'region', 'offer_type', 'provider_id'], 'unique': true},
        {'columns': ['provider_id']},
    ],
    meta={'replace_by': 'show_id', 'logs': ['provider_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

listed as (

    {{ first_listed(
        ref('stg_tmdb__show_watch_providers'),
        ['region', 'offer_type', 'provider_id'],
        ['display_priority', 'link'],
    ) }}

)

select
    -- ids
    listed.show_id,
    listed.provider_id,

    -- text
    listed.link,

    -- codes
    listed.region,
    listed.offer_type,

    -- measures
    listed.display_priority
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
