with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_episode_group_details')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.name as group_name,
        document.type as group_type,
        document.groups
    from versions
    cross join lateral {{ record('versions.payload', ['name', 'type'], ['groups']) }}

),

subgroups as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        documents.group_name,
        documents.group_type,
        element.id as subgroup_id,
        element.name as subgroup_name,
        element.order as subgroup_order,
        element.locked,
        element.position as subgroup_position,
        element.episodes
    from documents
    cross join lateral {{ records(
        'documents.groups', ['id', 'name', 'order', 'locked'], ['episodes'],
    ) }}

),

elements as (

    select
        subgroups.*,
        element.*
    from subgroups
    cross join lateral {{ records(
        'subgroups.episodes',
        ['id', 'show_id', 'name', 'season_number', 'episode_number', 'order', 'air_date'],
    ) }}

)

select
    -- ids
    elements.key as episode_group_id,
    {{ to_text('elements.subgroup_id') }} as subgroup_id,
    {{ to_integer('elements.show_id') }} as tmdb_id,
    {{ to_integer('elements.id') }} as tmdb_episode_id,

    -- text
    {{ to_text('elements.group_name') }} as group_name,
    {{ to_text('elements.subgroup_name') }} as subgroup_name,
    {{ to_text('elements.name') }} as name,

    -- booleans
    {{ to_boolean('elements.locked') }} as is_locked,

    -- measures
    {{ to_integer('elements.group_type') }} as group_type,
    {{ to_integer('elements.subgroup_order') }} as subgroup_order,
    elements.subgroup_position::integer as subgroup_position,
    {{ to_integer('elements.order') }} as episode_order,
    elements.position::integer as position,
    {{ to_integer('elements.season_number') }} as season_number,
    {{ to_integer('elements.episode_number') }} as episode_number,

    -- dates
    {{ to_date('elements.air_date') }} as air_date,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['id', 'show_id', 'season_number', 'episode_number', 'order'],
        dates=['air_date'],
        texts=['name'],
    ) }} as _bad_fields

from elements
