with

versions as (

    select * from {{ at_horizon(source('showhouse', 'showhouse_absences')) }}

),

documents as (

    select
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['resource', 'key', 'missed_on']) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ to_text('documents.resource') }} as resource,
    {{ to_text('documents.key') }} as key,

    -- dates
    {{ to_date('documents.missed_on') }} as missed_date,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', dates=['missed_on'], texts=['resource', 'key']) }} as _bad_fields

from documents
