with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_name_basics')) }}

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
        ['primaryName', 'birthYear',
         'deathYear', 'primaryProfession', 'knownForTitles'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key as imdb_person_id,
    {{ listed_text('documents."knownForTitles"') }} as known_for_title_ids,

    -- text
    {{ to_key('documents."primaryName"') }} as name,

    -- codes
    {{ listed_text('documents."primaryProfession"') }} as professions,

    -- measures
    {{ to_integer('documents."birthYear"') }} as birth_year,
    {{ to_integer('documents."deathYear"') }} as death_year,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['"birthYear"', '"deathYear"'],
        keys=['"primaryName"'],
    ) }} as _bad_fields

from documents
