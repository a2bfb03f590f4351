with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_person_metrics')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['popularity'],
    ) }}

)

select
    -- ids
    {{ person_id_of_key('documents.key') }} as person_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,

    -- measures
    {{ to_number('documents.popularity') }} as popularity,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', numbers=['popularity']) }} as _bad_fields

from documents
