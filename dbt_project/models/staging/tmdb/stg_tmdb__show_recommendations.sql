with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_recommendations')) }}

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
        ['id', 'name', 'media_type', 'adult', 'first_air_date'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as recommended_tmdb_id,

    -- text
    {{ to_text('elements.name') }} as name,

    -- codes
    {{ to_text('elements.media_type') }} as media_type,

    -- booleans
    {{ to_boolean('elements.adult') }} as is_adult,

    -- measures
    elements.position::integer as position,

    -- dates
    {{ to_date('elements.first_air_date') }} as first_air_date,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['id'],
        booleans=['adult'],
        dates=['first_air_date'],
        texts=['name', 'media_type'],
    ) }} as _bad_fields

from elements
