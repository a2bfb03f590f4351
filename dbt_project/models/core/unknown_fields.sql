{{ config(
    unique_key=['document_key', 'resource', 'json_path', 'drift_kind', 'seen'],
    indexes=[
        {'columns': ['document_key', 'resource', 'json_path', 'drift_kind', 'seen'], 'unique': true},
    ],
    meta={'replace_by': 'document_key'},
) }}

with

unknown as (

    select * from {{ ref('stg_tmdb__unknown_fields') }} where {{ is_changed('document_key') }}

)

select
    -- ids
    unknown.document_key,
    unknown.resource,

    -- text
    unknown.json_path,
    unknown.seen,
    min(unknown.example) as example,

    -- codes
    unknown.drift_kind,

    -- times
    min(unknown.fetched_at) as first_seen_at,
    max(unknown.fetched_at) as last_seen_at,

    -- metadata
    min(unknown._load_id) as _load_id
from unknown
group by
    unknown.document_key,
    unknown.resource,
    unknown.json_path,
    unknown.seen,
    unknown.drift_kind
