{{ config(
    unique_key='receipt_key',
    indexes=[{'columns': ['receipt_key'], 'unique': true}, {'columns': ['show_id']}],
    meta={'replace_by': 'receipt_key', 'logs': ['show_id'], 'through': {'shows': []}},
) }}

-- depends_on: {{ ref('shows') }}
-- Nothing of it is read: with a selection like `shows+`, in an empty warehouse, the documents of
-- shows are made, and they read this table.

with

receipts as (

    select * from {{ ref('stg_showhouse__mirrored_images') }} where {{ is_changed('receipt_key') }}

)

select
    -- ids
    receipts.receipt_key,
    receipts.show_id,
    case
        when receipts.kind in ('show_posters', 'show_backdrops', 'show_logos')
            then {{ image_id("'tmdb:tv:' || receipts.owner_id", 'receipts.file_path') }}
    end as show_image_id,
    receipts.owner_id,
    receipts.tmdb_episode_id,

    -- text
    receipts.file_path,
    receipts.hosted_key,
    receipts.hosted_url,
    receipts.hosted_sha256,
    receipts.hosted_content_type,
    receipts.hosted_etag,
    receipts.rendition_failure,
    receipts.hosted_renditions,

    -- codes
    receipts.kind,
    receipts.source,

    -- measures
    receipts.season_number,
    receipts.hosted_bytes,

    -- times
    receipts.hosted_at
from receipts
