{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

with

unknown as (

    select * from {{ ref('unknown_fields') }}

)

select
    -- ids
    concat_ws(' ', unknown.resource, unknown.json_path, unknown.drift_kind, unknown.seen)
        as drift_id,
    split_part(unknown.resource, '_', 1) as source,
    unknown.resource,
    min(unknown._load_id) as first_load_id,

    -- text
    unknown.json_path,
    unknown.seen,
    (array_agg(unknown.document_key order by unknown._load_id, unknown.document_key))[1]
        as example_key,
    (array_agg(unknown.example order by unknown._load_id, unknown.document_key))[1] as example,

    -- codes
    unknown.drift_kind,

    -- measures
    count(*) as document_count,

    -- times
    min(unknown.first_seen_at) as first_seen_at,
    max(unknown.last_seen_at) as last_seen_at
from unknown
group by unknown.resource, unknown.json_path, unknown.seen, unknown.drift_kind
