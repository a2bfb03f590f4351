with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_series_popularity')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['popularity']) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer('documents.key') }} as tmdb_id,

    -- measures
    {{ to_number('documents.popularity') }} as popularity,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', numbers=['popularity']) }} as _bad_fields

from documents
