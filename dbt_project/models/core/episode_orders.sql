{{ config(
    unique_key=['show_id', 'episode_group_id', 'subgroup_position', 'position'],
    indexes=[
        {
            'columns': ['show_id', 'episode_group_id', 'subgroup_position', 'position'],
            'unique': true,
        },
        {'columns': ['episode_group_id']},
        {'columns': ['episode_id']},
    ],
    meta={
        'replace_by': 'episode_group_id',
        'logs': ['show_id'],
        'through': {'episodes': 'int_episode_groups__listed'},
    },
) }}

with

listed as (

    select * from {{ ref('int_episode_groups__listed') }}
    where {{ is_changed('episode_group_id') }}

),

details as (

    select * from {{ ref('stg_tmdb__episode_group_details') }}
    where {{ is_changed('episode_group_id') }}

),

episodes as (

    select * from {{ ref('episodes') }}

),

-- the same episode may stand under two numbers; it is one
numbered as (

    select distinct on (episodes.show_id, episodes.tmdb_episode_id)
        episodes.show_id,
        episodes.tmdb_episode_id,
        episodes.episode_id
    from episodes
    inner join listed on episodes.show_id = listed.show_id -- drops shows without changed orders
    where episodes.tmdb_episode_id is not null
    order by episodes.show_id, episodes.tmdb_episode_id, episodes.episode_id

)

select
    -- ids
    listed.show_id,
    listed.episode_group_id,
    numbered.episode_id,
    details.tmdb_episode_id,

    -- text
    coalesce(details.group_name, listed.name) as name,
    details.subgroup_name,

    -- codes
    {{ order_type('coalesce(details.group_type, listed.group_type)') }} as order_type,

    -- measures
    details.subgroup_position,
    details.position
from listed
inner join details -- drops orders that were not fetched yet
    on listed.episode_group_id = details.episode_group_id
left join numbered -- 1:1; an order may name episodes that are not held
    on listed.show_id = numbered.show_id and details.tmdb_episode_id = numbered.tmdb_episode_id
