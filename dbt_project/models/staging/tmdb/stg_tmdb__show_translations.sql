with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_translations')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['translations']) }}

),

elements as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.iso_639_1,
        element.iso_3166_1,
        element.position,
        element.data,
        nested.*
    from documents
    cross join lateral {{ records(
        'documents.translations', ['iso_639_1', 'iso_3166_1'], ['data'],
    ) }}
    cross join lateral {{ nested_record(
        'element.data', ['name', 'overview', 'homepage', 'tagline'],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,

    -- text
    {{ to_text('elements.name') }} as name,
    {{ to_text('elements.overview') }} as overview,
    {{ to_text('elements.tagline') }} as tagline,
    {{ to_text('elements.homepage') }} as homepage,

    -- codes
    {{ to_text('elements.iso_639_1') }} as language,
    {{ to_text('elements.iso_3166_1') }} as country,

    -- measures
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements', texts=['name', 'overview', 'tagline', 'homepage'], objects=['data'],
    ) }} as _bad_fields

from elements
