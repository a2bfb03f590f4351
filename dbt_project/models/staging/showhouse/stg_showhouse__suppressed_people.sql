with

versions as (

    select * from {{ at_horizon(source('showhouse', 'showhouse_suppressed_people')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['tmdb_id', 'is_suppressed'], ['imdb_ids']) }}

)

select
    -- ids
    {{ entity_id("split_part(documents.key, '/', 1)") }} as person_id,
    {{ to_integer('documents.tmdb_id') }} as tmdb_person_id,
    {{ to_text_array('documents.imdb_ids') }} as imdb_person_ids,

    -- booleans
    coalesce({{ to_boolean('documents.is_suppressed') }}, false) as is_suppressed,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['tmdb_id'],
        booleans=['is_suppressed'],
        arrays=['imdb_ids'],
    ) }} as _bad_fields

from documents
