with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_episode_groups')) }}

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
        ['id', 'name', 'description', 'type', 'episode_count', 'group_count'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_key('elements.id') }} as episode_group_id,

    -- text
    {{ to_text('elements.name') }} as name,
    {{ to_text('elements.description') }} as description,

    -- measures
    {{ to_integer('elements.type') }} as group_type,
    {{ to_integer('elements.episode_count') }} as episode_count,
    {{ to_integer('elements.group_count') }} as group_count,
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['type', 'episode_count', 'group_count'],
        keys=['id'],
        texts=['name', 'description'],
    ) }} as _bad_fields

from elements
