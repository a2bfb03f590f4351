with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_videos')) }}

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
        documents.key as document_key,
        documents.is_tombstone,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.results',
        ['id', 'key', 'name', 'site', 'type', 'iso_639_1', 'iso_3166_1', 'official', 'size',
         'published_at'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.document_key') }} as show_id,
    {{ to_integer("split_part(elements.document_key, '/', 1)") }} as tmdb_id,
    {{ to_key('elements.id') }} as video_id,
    {{ to_text('elements.key') }} as site_key,

    -- text
    {{ to_text('elements.name') }} as name,

    -- codes
    {{ to_text('elements.site') }} as site,
    {{ to_text('elements.type') }} as video_type,
    {{ to_text('elements.iso_639_1') }} as language,
    {{ to_text('elements.iso_3166_1') }} as country,

    -- booleans
    {{ to_boolean('elements.official') }} as is_official,

    -- measures
    {{ to_integer('elements.size') }} as size,
    elements.position::integer as position,

    -- times
    {{ to_instant('elements.published_at') }} as published_at,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['size'],
        booleans=['official'],
        instants=['published_at'],
        keys=['id'],
        texts=['key', 'name', 'site', 'type'],
    ) }} as _bad_fields

from elements
