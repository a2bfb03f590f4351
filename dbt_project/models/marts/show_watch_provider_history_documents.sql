{{ config(
    unique_key=['show_id', 'region'],
    indexes=[{'columns': ['show_id', 'region'], 'unique': true}],
    meta={
        'replace_by': 'show_id',
        'through': {'watch_providers': 'show_watch_provider_history'},
    },
) }}

with

stays as (

    select * from {{ ref('show_watch_provider_history') }} where {{ is_changed('show_id') }}

),

providers as (

    select * from {{ ref('watch_providers') }}

),

documents as (

    select
        stays.show_id,
        stays.region,
        json_agg(
            json_build_object(
                'region', stays.region,
                'offer_type', stays.offer_type,
                'provider_id', stays.provider_id,
                'provider_name', providers.provider_name,
                'is_current', stays.is_current,
                'is_from_start', stays.is_from_start,
                'first_seen_at', stays.first_seen_at,
                'last_seen_at', stays.last_seen_at
            )
            order by stays.first_seen_at desc, stays.offer_type, stays.provider_id
        )::text as document
    from stays
    left join providers -- 1:1, none once no show is there any more
        on stays.provider_id = providers.provider_id
    group by stays.show_id, stays.region

)

select
    -- ids
    documents.show_id,

    -- text
    documents.document,
    md5(documents.document) as etag,

    -- codes
    documents.region
from documents
