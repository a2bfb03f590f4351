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
    cross join lateral {{ record('versions.payload', ['adult']) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,

    -- booleans
    {{ to_boolean('documents.adult') }} as is_adult,

    -- dates
    {{ to_date("split_part(documents.key, '/', 2)") }} as window_date,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', booleans=['adult']) }} as _bad_fields

from documents
