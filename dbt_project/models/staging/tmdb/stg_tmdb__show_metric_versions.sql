with

versions as (

    select * from {{ history_at_horizon(source('tmdb', 'tmdb_tv_metrics')) }}

),

documents as (

    select
        versions.key,
        versions.is_tombstone,
        versions.purged_at,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['popularity', 'vote_average', 'vote_count'],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,

    -- booleans
    documents.is_tombstone as is_gone,

    -- measures
    {{ to_number('documents.popularity') }} as popularity,
    {{ to_number('documents.vote_average') }} as vote_average,
    {{ to_integer('documents.vote_count') }} as vote_count,

    -- times
    documents.purged_at,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents', numbers=['popularity', 'vote_average'], integers=['vote_count'],
    ) }} as _bad_fields

from documents
