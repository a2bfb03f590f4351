with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_lists')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['items']) }}
    where not versions.is_tombstone

),

entries as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records('documents.items', ['id', 'name', 'media_type']) }}

)

select
    -- ids
    {{ to_integer('entries.key') }} as list_id,
    {{ to_integer('entries.id') }} as tmdb_id,

    -- text
    {{ to_text('entries.name') }} as name,

    -- codes
    {{ to_text('entries.media_type') }} as media_type,

    -- measures
    entries.position::integer as position,

    -- metadata
    entries.fetched_at,
    entries.load_id as _load_id,
    {{ bad_fields('entries', integers=['id'], texts=['name']) }} as _bad_fields

from entries
