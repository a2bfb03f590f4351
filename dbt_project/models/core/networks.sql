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

details as (

    select * from {{ ref('stg_tmdb__network_details') }} where {{ is_changed('network_id') }}

),

other_names as (

    select
        network_id,
        array_agg(name order by position) as names
    from {{ ref('stg_tmdb__network_alternative_names') }}
    where {{ is_changed('network_id') }} and name is not null
    group by network_id

),

-- many series name the same one; the latest that says something wins, value by value
named as (

    select
        mentions.network_id,
        {{ latest_told('mentions', 'name') }} as name,
        {{ latest_told('mentions', 'logo_path') }} as logo_path,
        {{ latest_told('mentions', 'origin_country') }} as origin_country
    from mentions
    group by mentions.network_id

),

-- the network's own document is the more specific one
described as (

    select
        named.network_id,
        details.headquarters,
        details.homepage,
        coalesce(details.name, named.name) as name,
        coalesce(details.logo_path, named.logo_path) as logo_path,
        coalesce(details.origin_country, named.origin_country) as origin_country,
        coalesce(other_names.names, '{}') as alternative_names
    from named
    left join details on named.network_id = details.network_id -- 1:1
    left join other_names on named.network_id = other_names.network_id -- 1:1

)

select
    -- ids
    described.network_id,

    -- text
    described.name,
    described.alternative_names,
    described.headquarters,
    described.homepage,
    described.logo_path,
    receipts.hosted_key as hosted_logo_key,
    receipts.hosted_url as hosted_logo_url,
    receipts.hosted_sha256 as hosted_logo_sha256,
    receipts.hosted_content_type as hosted_logo_content_type,
    receipts.hosted_etag as hosted_logo_etag,

    -- codes
    described.origin_country,

    -- measures
    receipts.hosted_bytes as hosted_logo_bytes,

    -- times
    receipts.hosted_at as hosted_logo_at
from described
left join lateral {{ looked_up(
    'stg_showhouse__mirrored_images',
    'receipt_key',
    "'networks/' || described.network_id || described.logo_path",
) }} as receipts -- 1:1
    on true
