with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_title_principals')) }}

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
        ['ordering', 'nconst',
         'category', 'job', 'characters'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ imdb_entity_id("split_part(documents.key, '/', 1)") }} as title_id,
    split_part(documents.key, '/', 1) as imdb_title_id,
    {{ to_text('documents.nconst') }} as imdb_person_id,

    -- text
    {{ to_text('documents.job') }} as job,
    {{ quoted_texts('documents.characters') }} as characters,

    -- codes
    {{ to_text('documents.category') }} as category,

    -- measures
    {{ to_integer('documents.ordering') }} as position,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['ordering'],
        texts=['nconst', 'category'],
    ) }} as _bad_fields

from documents
