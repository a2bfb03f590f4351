with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_network_ids')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['name']) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ to_integer('documents.key') }} as network_id,

    -- text
    {{ to_text('documents.name') }} as name,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', texts=['name']) }} as _bad_fields

from documents
