with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_changes')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['results']) }}
    where not versions.is_tombstone

),

entries as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records('documents.results', ['id', 'adult']) }}

)

select
    -- ids
    {{ to_integer('entries.id') }} as tmdb_id,

    -- booleans
    {{ to_boolean('entries.adult') }} as is_adult,

    -- dates
    {{ to_date('entries.key') }} as window_date,

    -- metadata
    entries.fetched_at,
    entries.load_id as _load_id,
    {{ bad_fields('entries', integers=['id'], booleans=['adult']) }} as _bad_fields

from entries
where entries.id is not null
