with

versions as (

    select * from {{ at_horizon(source('showhouse', 'showhouse_suppressed_pages')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['tmdb_id', 'is_suppressed']) }}

)

select
    -- ids
    documents.key as page_key,
    {{ to_integer('documents.tmdb_id') }} as tmdb_person_id,

    -- booleans
    coalesce({{ to_boolean('documents.is_suppressed') }}, false) as is_suppressed,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', integers=['tmdb_id'], booleans=['is_suppressed']) }} as _bad_fields

from documents
