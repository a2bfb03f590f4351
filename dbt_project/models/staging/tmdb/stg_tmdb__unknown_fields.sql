with

unknown as ({{ unknown_fields() }})

select
    -- ids
    unknown.resource,
    unknown.document_key,

    -- text
    unknown.json_path,
    unknown.seen,
    unknown.example,

    -- codes
    unknown.drift_kind,

    -- metadata
    unknown.fetched_at,
    unknown.load_id as _load_id
from unknown
