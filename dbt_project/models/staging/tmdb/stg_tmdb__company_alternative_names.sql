with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_company_alternative_names')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['results']) }}

),

elements as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records('documents.results', ['name', 'type']) }}

)

select
    -- ids
    {{ to_integer("split_part(elements.key, '/', 1)") }} as production_company_id,

    -- text
    {{ to_text('elements.name') }} as name,
    {{ to_text('elements.type') }} as name_type,

    -- measures
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields('elements', texts=['name', 'type']) }} as _bad_fields

from elements
