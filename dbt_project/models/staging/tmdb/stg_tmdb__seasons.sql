with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_seasons')) }}

),

documents as (

    select
        versions.key,
        versions.is_tombstone,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['id', 'name', 'overview', 'poster_path', 'air_date', 'vote_average'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('documents.id') }} as tmdb_season_id,

    -- text
    {{ to_text('documents.name') }} as name,
    {{ to_text('documents.overview') }} as overview,
    {{ to_text('documents.poster_path') }} as poster_path,

    -- booleans
    documents.is_tombstone as is_gone,

    -- measures
    {{ to_integer("split_part(documents.key, '/', 3)") }} as season_number,
    {{ to_number('documents.vote_average') }} as vote_average,

    -- dates
    {{ to_date('documents.air_date') }} as air_date,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['id'],
        numbers=['vote_average'],
        dates=['air_date'],
        texts=['name', 'overview', 'poster_path'],
    ) }} as _bad_fields

from documents
