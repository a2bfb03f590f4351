with

versions as (

    select * from {{ history_at_horizon(source('tmdb', 'tmdb_tv_seasons')) }}

),

documents as (

    select
        versions.key,
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
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records('documents.episodes', ['id', 'episode_number', 'air_date']) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as tmdb_episode_id,

    -- measures
    {{ to_integer("split_part(elements.key, '/', 3)") }} as season_number,
    {{ to_integer('elements.episode_number') }} as episode_number,

    -- dates
    {{ to_date('elements.air_date') }} as air_date,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields('elements', integers=['id', 'episode_number'], dates=['air_date']) }}
        as _bad_fields

from elements
