with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_title_ratings')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['averageRating', 'numVotes']) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key as imdb_title_id,

    -- measures
    {{ to_number('documents."averageRating"') }} as rating_value,
    {{ to_integer('documents."numVotes"') }} as rating_count,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['"numVotes"'],
        numbers=['"averageRating"'],
    ) }} as _bad_fields

from documents
