with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_alternative_titles')) }}

),

documents as (

    select
        versions.key,
        versions.is_tombstone,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        [],
        ['results'],
    ) }}

),

elements as (

    select
        documents.key,
        documents.is_tombstone,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.results',
        ['title', 'type', 'iso_3166_1'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,

    -- text
    {{ to_text('elements.title') }} as title,
    {{ to_text('elements.type') }} as title_type,

    -- codes
    {{ to_text('elements.iso_3166_1') }} as country,

    -- measures
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields('elements', texts=['title', 'type', 'iso_3166_1']) }} as _bad_fields

from elements
