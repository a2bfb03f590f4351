{{ config(
    unique_key=['show_id', 'provider_id'],
    indexes=[{'columns': ['show_id', 'provider_id'], 'unique': true}, {'columns': ['provider_id']}],
    meta={'replace_by': 'show_id', 'logs': ['provider_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

offers as (

    select * from {{ ref('stg_tmdb__show_watch_providers') }}
    where {{ is_changed('show_id') }} and provider_id is not null

)

select
    offers.show_id,
    offers.provider_id,
    (
        array_agg(offers.provider_name order by offers.region, offers.offer_type, offers.position)
        filter (where offers.provider_name is not null)
    )[1] as provider_name,
    (
        array_agg(offers.logo_path order by offers.region, offers.offer_type, offers.position)
        filter (where offers.logo_path is not null)
    )[1] as logo_path,
    min(offers.display_priority) as display_priority,
    max(offers.fetched_at) as fetched_at
from offers
inner join shows -- drops offers of series whose details never landed
    on offers.show_id = shows.show_id
group by offers.show_id, offers.provider_id
