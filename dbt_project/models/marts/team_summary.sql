{{ config(
    unique_key='show_id',
    indexes=[{'columns': ['show_id'], 'unique': true}],
    meta={'replace_by': 'show_id', 'through': {'people': 'show_crew'}},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }} and not is_adult

),

people as (

    select * from {{ ref('people') }} where not is_adult and name is not null

),

roles as (

    select * from {{ ref('stg_reference__roles') }}

),

-- one row per show, role and person, whatever the number of jobs
members as (

    select
        crew.show_id,
        roles.role,
        people.name,
        max(crew.episode_count) as episode_count
    from {{ ref('show_crew') }} as crew
    inner join roles on crew.job = roles.job -- drops the many other jobs
    inner join people on crew.person_id = people.person_id -- drops people without a name
    where {{ is_changed('crew.show_id') }}
    group by crew.show_id, roles.role, people.person_id, people.name

),

teams as (

    select
        members.show_id,
        {{ names_by_role([
            'Creator', 'Writer', 'Director', 'Executive Producer', 'Producer',
        ]) }}
    from members
    group by members.show_id

)

select
    -- ids
    shows.show_id,
    shows.tmdb_id,

    -- text
    shows.name,
    coalesce(teams.creators, '{}') as creators,
    coalesce(teams.writers, '{}') as writers,
    coalesce(teams.directors, '{}') as directors,
    coalesce(teams.executive_producers, '{}') as executive_producers,
    coalesce(teams.producers, '{}') as producers
from shows
left join teams on shows.show_id = teams.show_id -- 1:1
