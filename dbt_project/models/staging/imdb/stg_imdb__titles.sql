with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_title_basics')) }}

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
        ['titleType', 'primaryTitle', 'originalTitle', 'isAdult',
         'startYear', 'endYear', 'runtimeMinutes', 'genres'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key as imdb_title_id,

    -- text
    {{ to_key('documents."primaryTitle"') }} as title,
    {{ to_text('documents."originalTitle"') }} as original_title,

    -- codes
    {{ to_text('documents."titleType"') }} as title_type,
    {{ listed_text('documents.genres') }} as genres,

    -- booleans
    case documents."isAdult" when '1' then true when '0' then false end as is_adult,

    -- measures
    {{ to_integer('documents."startYear"') }} as start_year,
    {{ to_integer('documents."endYear"') }} as end_year,
    {{ to_integer('documents."runtimeMinutes"') }} as runtime_minutes,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['"startYear"', '"endYear"', '"runtimeMinutes"'],
        keys=['"primaryTitle"'],
        texts=['"originalTitle"'],
    ) }} as _bad_fields

from documents
