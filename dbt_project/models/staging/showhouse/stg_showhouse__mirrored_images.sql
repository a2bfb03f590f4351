with

versions as (

    select * from {{ at_horizon(source('showhouse', 'showhouse_mirrored_images')) }}

),

documents as (

    select
        versions.key as receipt_key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['kind', 'owner_id', 'source', 'file_path', 'key', 'url', 'sha256', 'content_type',
         'bytes', 'etag', 'at', 'rendition_failure'],
        ['renditions'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.receipt_key,
    {{ receipt_show_id('documents.receipt_key') }} as show_id,
    {{ to_text('documents.owner_id') }} as owner_id,
    {{ receipt_number('documents.receipt_key', 'episode_stills/[0-9]+/') }} as tmdb_episode_id,

    -- text
    {{ to_text('documents.file_path') }} as file_path,
    {{ to_text('documents.key') }} as hosted_key,
    {{ to_text('documents.url') }} as hosted_url,
    {{ to_text('documents.sha256') }} as hosted_sha256,
    {{ to_text('documents.content_type') }} as hosted_content_type,
    {{ to_text('documents.etag') }} as hosted_etag,
    {{ to_text('documents.rendition_failure') }} as rendition_failure,
    {{ typed_renditions('documents.renditions') }} as hosted_renditions,

    -- codes
    {{ to_text('documents.kind') }} as kind,
    {{ to_text('documents.source') }} as source,

    -- measures
    {{ receipt_number('documents.receipt_key', 'season_posters/[0-9]+/season-') }}
        as season_number,
    {{ to_integer('documents.bytes') }} as hosted_bytes,

    -- times
    {{ to_instant('documents.at') }} as hosted_at,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['bytes'],
        texts=['owner_id', 'key', 'url', 'sha256', 'content_type'],
    ) }} as _bad_fields

from documents
