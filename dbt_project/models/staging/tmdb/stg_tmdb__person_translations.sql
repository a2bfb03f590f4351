with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_person_translations')) }}

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
    cross join lateral {{ nested_record('element.data', ['name', 'biography']) }}

)

select
    -- ids
    {{ person_id_of_key('elements.key') }} as person_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,

    -- text
    {{ to_text('elements.name') }} as name,
    {{ to_text('elements.biography') }} as biography,

    -- codes
    {{ to_text('elements.iso_639_1') }} as language,
    {{ to_text('elements.iso_3166_1') }} as country,

    -- measures
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields('elements', texts=['name', 'biography'], objects=['data']) }} as _bad_fields

from elements
