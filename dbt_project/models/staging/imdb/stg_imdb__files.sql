with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_files')) }}

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
        ['last_modified', 'row_count',
         'refused_count', 'held_count'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key as file,

    -- text
    {{ to_text('documents.last_modified') }} as last_modified,

    -- measures
    {{ to_integer('documents.row_count') }} as row_count,
    {{ to_integer('documents.refused_count') }} as refused_count,
    {{ to_integer('documents.held_count') }} as held_count,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['row_count', 'refused_count', 'held_count'],
    ) }} as _bad_fields

from documents
