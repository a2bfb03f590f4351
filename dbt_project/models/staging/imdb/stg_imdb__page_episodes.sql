with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_parsed_pages')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['episodes']) }}
    where not versions.is_tombstone and split_part(versions.key, '/', 2) = 'episodes'

),

elements as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.episodes',
        ['imdb_id', 'season_number', 'episode_number', 'title', 'overview', 'air_date'],
    ) }}

)

select
    -- ids
    split_part(elements.key, '/', 1) as imdb_id,
    {{ to_text('elements.imdb_id') }} as imdb_title_id,

    -- text
    {{ to_text('elements.title') }} as title,
    {{ to_text('elements.overview') }} as overview,

    -- measures
    {{ to_integer('elements.season_number') }} as season_number,
    {{ to_integer('elements.episode_number') }} as episode_number,
    elements.position::integer as position,

    -- dates
    {{ to_date('elements.air_date') }} as air_date,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['season_number', 'episode_number'],
        dates=['air_date'],
        texts=['imdb_id', 'title', 'overview'],
    ) }} as _bad_fields

from elements
