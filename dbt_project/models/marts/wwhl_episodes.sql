{{ config(
    unique_key=['show_id', 'episode_id'],
    indexes=[{'columns': ['show_id', 'episode_id'], 'unique': true}],
    meta={
        'replace_by': 'show_id',
        'through': {
            'people': 'episode_appearances',
            'qualified_people': 'episode_appearances',
        },
    },
) }}

with

hosts as (

    select * from {{ ref('stg_reference__talk_show_hosts') }}

),

talk_shows as (

    select
        shows.show_id,
        shows.tmdb_id,
        array_agg(lower(hosts.host_name)) as host_names
    from {{ ref('shows') }} as shows
    inner join hosts on shows.tmdb_id = hosts.show_tmdb_id -- drops all other shows
    where {{ is_changed('shows.show_id') }}
    group by shows.show_id, shows.tmdb_id

),

episodes as (

    select * from {{ ref('episodes') }} where {{ is_changed('show_id') }}

),

people as (

    select * from {{ ref('people') }} where not is_adult

),

qualified_people as (

    select * from {{ ref('qualified_people') }}

),

-- one row per person and episode: nobody is a regular and a guest of one episode
guests as (

    select
        appearances.episode_id,
        array_agg(people.person_id order by {{ guest_order() }}) as guest_ids,
        array_agg(people.name order by {{ guest_order() }}) as guest_names,
        array_agg(people.person_id order by {{ guest_order() }}) filter (
            where qualified_people.person_id is not null
        ) as qualified_guest_ids,
        count(*) as guest_count,
        count(qualified_people.person_id) as qualified_guest_count
    from {{ ref('episode_appearances') }} as appearances
    inner join talk_shows on appearances.show_id = talk_shows.show_id -- drops all other shows
    inner join people on appearances.person_id = people.person_id -- drops people for adults
    left join qualified_people on appearances.person_id = qualified_people.person_id -- 1:1
    where
        {{ is_changed('appearances.show_id') }}
        and appearances.appearance_type <> 'crew'
        and not appearances.is_archive_footage
        and coalesce(lower(people.name) <> all(talk_shows.host_names), true)
    group by appearances.episode_id

)

select
    -- ids
    episodes.episode_id,
    episodes.show_id,
    talk_shows.tmdb_id as show_tmdb_id,
    episodes.tmdb_episode_id,
    episodes.imdb_episode_id,
    coalesce(guests.guest_ids, '{}') as guest_ids,
    coalesce(guests.qualified_guest_ids, '{}') as qualified_guest_ids,

    -- text
    episodes.title,
    coalesce(guests.guest_names, '{}') as guest_names,

    -- codes
    {{ guest_classification('guests.qualified_guest_count', 'guests.guest_count') }}
        as classification,

    -- measures
    episodes.season_number,
    episodes.episode_number,
    coalesce(guests.guest_count, 0)::integer as guest_count,
    coalesce(guests.qualified_guest_count, 0)::integer as qualified_guest_count,

    -- dates
    episodes.air_date
from episodes
inner join talk_shows on episodes.show_id = talk_shows.show_id -- drops all other shows
left join guests on episodes.episode_id = guests.episode_id -- 1:1
