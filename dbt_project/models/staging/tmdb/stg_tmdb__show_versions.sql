with

versions as (

    select * from {{ history_at_horizon(source('tmdb', 'tmdb_tv_details')) }}

),

documents as (

    select
        versions.key,
        versions.is_tombstone,
        versions.purged_at,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['status', 'in_production']) }}

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,

    -- codes
    {{ to_text('documents.status') }} as status,

    -- booleans
    {{ to_boolean('documents.in_production') }} as is_in_production,
    documents.is_tombstone as is_gone,

    -- times
    documents.purged_at,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', booleans=['in_production'], texts=['status']) }} as _bad_fields

from documents
