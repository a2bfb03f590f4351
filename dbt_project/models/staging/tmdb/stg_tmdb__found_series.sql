with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_find')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['tv_results']) }}
    where not versions.is_tombstone

),

entries as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.tv_results', ['id', 'name', 'original_name', 'first_air_date']
    ) }}

)

select
    -- ids
    entries.key as imdb_id,
    {{ to_integer('entries.id') }} as tmdb_id,

    -- text
    {{ to_text('entries.name') }} as name,
    {{ to_text('entries.original_name') }} as original_name,

    -- measures
    entries.position::integer as position,

    -- dates
    {{ to_date('entries.first_air_date') }} as first_air_date,

    -- metadata
    entries.fetched_at,
    entries.load_id as _load_id,
    {{ bad_fields(
        'entries', integers=['id'], texts=['name', 'original_name'],
        dates=['first_air_date'],
    ) }} as _bad_fields

from entries
