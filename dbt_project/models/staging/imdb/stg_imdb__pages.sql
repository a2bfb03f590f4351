with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_pages')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['kind', 'file']) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key,
    split_part(documents.key, '/', 1) as imdb_id,

    -- text
    {{ to_text('documents.file') }} as file,

    -- codes
    {{ to_text('documents.kind') }} as kind,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', texts=['kind', 'file']) }} as _bad_fields

from documents
