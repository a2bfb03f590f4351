with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_seasons')) }}

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
        ['episodes'],
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
        'documents.episodes',
        ['id', 'name', 'overview', 'production_code', 'still_path', 'episode_type',
         'episode_number', 'runtime', 'vote_average', 'vote_count', 'air_date'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as tmdb_episode_id,

    -- text
    {{ to_text('elements.name') }} as name,
    {{ to_text('elements.overview') }} as overview,
    {{ to_text('elements.production_code') }} as production_code,
    {{ to_text('elements.still_path') }} as still_path,

    -- codes
    {{ to_text('elements.episode_type') }} as episode_type,

    -- measures
    {{ to_integer("split_part(elements.key, '/', 3)") }} as season_number,
    {{ to_integer('elements.episode_number') }} as episode_number,
    {{ to_integer('elements.runtime') }} as runtime_minutes,
    {{ to_number('elements.vote_average') }} as vote_average,
    {{ to_integer('elements.vote_count') }} as vote_count,
    elements.position::integer as position,

    -- dates
    {{ to_date('elements.air_date') }} as air_date,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['id', 'episode_number', 'runtime', 'vote_count'],
        numbers=['vote_average'],
        dates=['air_date'],
        texts=['name', 'overview', 'production_code', 'still_path', 'episode_type'],
    ) }} as _bad_fields

from elements
