with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_title_crew')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['directors', 'writers']) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key as imdb_title_id,
    {{ listed_text('documents.directors') }} as director_ids,
    {{ listed_text('documents.writers') }} as writer_ids,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', texts=['directors', 'writers']) }} as _bad_fields

from documents
