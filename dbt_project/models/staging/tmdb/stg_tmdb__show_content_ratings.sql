with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_content_ratings')) }}

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
        ['iso_3166_1', 'rating'],
        ['descriptors'],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,

    -- codes
    {{ to_key('elements.iso_3166_1') }} as country,
    {{ to_key('elements.rating') }} as rating,
    {{ to_text_array('elements.descriptors') }} as descriptors,

    -- measures
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements', keys=['iso_3166_1', 'rating'], arrays=['descriptors'],
    ) }} as _bad_fields

from elements
