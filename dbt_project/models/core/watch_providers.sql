{{ config(
    unique_key='provider_id',
    indexes=[
        {'columns': ['provider_id'], 'unique': true},
        {'columns': ['(provider_id::text)'], 'type': 'hash'},
    ],
    meta={'replace_by': 'provider_id'},
) }}

with

mentions as (

    select * from {{ ref('int_watch_providers__mentioned') }} where {{ is_changed('provider_id') }}

),

-- many series name the same one; the latest that says something wins, value by value
named as (

    select
        mentions.provider_id,
        (array_agg(
            mentions.provider_name order by mentions.fetched_at desc, mentions.show_id
        ) filter (where mentions.provider_name is not null))[1] as provider_name,
        (array_agg(mentions.logo_path order by mentions.fetched_at desc, mentions.show_id) filter (
            where mentions.logo_path is not null
        ))[1] as logo_path,
        min(mentions.display_priority) as display_priority
    from mentions
    group by mentions.provider_id

)

select
    -- ids
    named.provider_id,

    -- text
    named.provider_name,
    named.logo_path,
    receipts.hosted_key as hosted_logo_key,
    receipts.hosted_url as hosted_logo_url,
    receipts.hosted_sha256 as hosted_logo_sha256,
    receipts.hosted_content_type as hosted_logo_content_type,
    receipts.hosted_etag as hosted_logo_etag,

    -- measures
    named.display_priority,
    receipts.hosted_bytes as hosted_logo_bytes,

    -- times
    receipts.hosted_at as hosted_logo_at
from named
left join lateral {{ looked_up(
    'stg_showhouse__mirrored_images',
    'receipt_key',
    "'watch_providers/' || named.provider_id || named.logo_path",
) }} as receipts -- 1:1
    on true
