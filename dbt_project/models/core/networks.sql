{{ config(
    unique_key='network_id',
    indexes=[
        {'columns': ['network_id'], 'unique': true},
        {'columns': ['(network_id::text)'], 'type': 'hash'},
    ],
    meta={'replace_by': 'network_id'},
) }}

with

mentions as (

    select * from {{ ref('int_networks__mentioned') }} where {{ is_changed('network_id') }}

),

receipts as (

    select * from {{ ref('stg_showhouse__mirrored_images') }}

),

-- many series name the same one; the latest that says something wins, value by value
named as (

    select
        mentions.network_id,
        (array_agg(mentions.name order by mentions.fetched_at desc, mentions.show_id) filter (
            where mentions.name is not null
        ))[1] as name,
        (array_agg(mentions.logo_path order by mentions.fetched_at desc, mentions.show_id) filter (
            where mentions.logo_path is not null
        ))[1] as logo_path,
        (array_agg(
            mentions.origin_country order by mentions.fetched_at desc, mentions.show_id
        ) filter (where mentions.origin_country is not null))[1] as origin_country
    from mentions
    group by mentions.network_id

)

select
    -- ids
    named.network_id,

    -- text
    named.name,
    named.logo_path,
    receipts.hosted_key as hosted_logo_key,
    receipts.hosted_url as hosted_logo_url,
    receipts.hosted_sha256 as hosted_logo_sha256,
    receipts.hosted_content_type as hosted_logo_content_type,
    receipts.hosted_etag as hosted_logo_etag,

    -- codes
    named.origin_country,

    -- measures
    receipts.hosted_bytes as hosted_logo_bytes,

    -- times
    receipts.hosted_at as hosted_logo_at
from named
left join receipts -- 1:1
    on 'networks/' || named.network_id || named.logo_path = receipts.receipt_key
