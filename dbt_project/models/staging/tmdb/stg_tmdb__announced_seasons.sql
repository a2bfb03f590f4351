with

versions as (

    select * from {{ last_known_at_horizon(source('tmdb', 'tmdb_tv_details')) }}

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
        ['seasons'],
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
        'documents.seasons',
        ['id', 'name', 'overview', 'poster_path', 'season_number', 'episode_count',
         'vote_average', 'air_date'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as tmdb_season_id,

    -- text
    {{ to_text('elements.name') }} as name,
    {{ to_text('elements.overview') }} as overview,
    {{ to_text('elements.poster_path') }} as poster_path,

    -- measures
    {{ to_integer('elements.season_number') }} as season_number,
    {{ to_integer('elements.episode_count') }} as stated_episode_count,
    {{ to_number('elements.vote_average') }} as vote_average,
    elements.position::integer as position,

    -- dates
    {{ to_date('elements.air_date') }} as air_date,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['id', 'season_number', 'episode_count'],
        numbers=['vote_average'],
        dates=['air_date'],
        texts=['name', 'overview', 'poster_path'],
    ) }} as _bad_fields

from elements
