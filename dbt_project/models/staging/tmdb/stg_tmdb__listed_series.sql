with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_series_ids')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['original_name']) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer('documents.key') }} as tmdb_id,

    -- text
    {{ to_text('documents.original_name') }} as original_name,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', texts=['original_name']) }} as _bad_fields

from documents
