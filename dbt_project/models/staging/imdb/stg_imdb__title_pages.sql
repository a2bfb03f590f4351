with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_parsed_pages')) }}

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
        ['title', 'description', 'content_rating', 'parser_version'],
    ) }}
    where not versions.is_tombstone and split_part(versions.key, '/', 2) = 'title'

)

select
    -- ids
    split_part(documents.key, '/', 1) as imdb_id,

    -- text
    {{ to_key('documents.title') }} as title,
    {{ to_text('documents.description') }} as description,

    -- codes
    {{ to_text('documents.content_rating') }} as content_rating,

    -- measures
    {{ to_integer('documents.parser_version') }} as parser_version,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['parser_version'],
        keys=['title'],
        texts=['description', 'content_rating'],
    ) }} as _bad_fields

from documents
