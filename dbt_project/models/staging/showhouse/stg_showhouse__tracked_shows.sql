with

versions as (

    select * from {{ at_horizon(source('showhouse', 'showhouse_tracked_shows')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['is_tracked'], ['tags']) }}

)

select
    -- ids
    {{ entity_id("split_part(documents.key, '/', 1)") }} as show_id,

    -- text
    documents.key as natural_key,

    -- codes
    {{ to_text_array('documents.tags') }} as tags,

    -- booleans
    coalesce({{ to_boolean('documents.is_tracked') }}, false) as is_tracked,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', booleans=['is_tracked'], arrays=['tags']) }} as _bad_fields

from documents
