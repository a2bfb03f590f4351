with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_change_windows')) }}

),

documents as (

    select
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['kind', 'start_date', 'end_date', 'page_count', 'named_count'],
    ) }}
    where not versions.is_tombstone

)

select
    -- codes
    {{ to_text('documents.kind') }} as kind,

    -- measures
    {{ to_integer('documents.page_count') }} as page_count,
    {{ to_integer('documents.named_count') }} as named_count,

    -- dates
    {{ to_date('documents.start_date') }} as start_date,
    {{ to_date('documents.end_date') }} as window_date,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents', integers=['page_count', 'named_count'], dates=['start_date', 'end_date'],
        texts=['kind'],
    ) }} as _bad_fields

from documents
