{{ config(
    unique_key=['show_id', 'episode_group_id'],
    indexes=[
        {'columns': ['show_id', 'episode_group_id'], 'unique': true},
        {'columns': ['episode_group_id']},
    ],
    meta={'replace_by': 'show_id', 'logs': ['episode_group_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

listed as (

    {{ first_listed(
        ref('stg_tmdb__episode_groups'), ['episode_group_id'], ['name', 'group_type', 'position'],
    ) }}

)

select
    listed.show_id,
    listed.episode_group_id,
    shows.tmdb_id,
    listed.name,
    listed.group_type,
    listed.position
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
-- a group's id is 24 hexadecimal digits; what is anything else has no document of its own
where listed.episode_group_id ~ '^[0-9a-f]{24}$'
