{{ config(
    unique_key=['show_id', 'region'],
    indexes=[{'columns': ['show_id', 'region'], 'unique': true}],
    meta={'replace_by': 'show_id', 'through': {'watch_providers': 'show_watch_providers'}},
) }}

with

offers as (

    {{ offers_by_region() }}

)

select
    -- ids
    offers.show_id,

    -- text
    offers.offers::text as document,
    md5(offers.offers::text) as etag,

    -- codes
    offers.region
from offers
