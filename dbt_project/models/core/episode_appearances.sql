{{ config(
    unique_key=['show_id', 'episode_id', 'person_id', 'appearance_type'],
    indexes=[
        {'columns': ['show_id', 'episode_id', 'person_id', 'appearance_type'], 'unique': true},
        {'columns': ['episode_id']}, {'columns': ['person_id']},
    ],
    meta={
        'replace_by': 'show_id',
        'exists_in': ['shows', 'people'],
        'through': {'people': 'int_people__mentioned'},
    },
) }}

-- depends_on: {{ ref('int_people__mentioned') }}

with

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

people as (select * from {{ ref('people') }}),

main_cast as (

    select distinct
        show_id,
        tmdb_person_id
    from {{ ref('stg_tmdb__cast') }}
    where {{ is_changed('show_id') }}

),

-- a season's document lists who appears in each episode, the main cast among them
performances as (

    select
        guests.*,
        main_cast.tmdb_person_id is not null as is_main_cast
    from {{ ref('stg_tmdb__guest_stars') }} as guests
    left join main_cast -- 1:1
        on guests.show_id = main_cast.show_id and guests.tmdb_person_id = main_cast.tmdb_person_id
    where {{ is_changed('guests.show_id') }}

),

crew as (select * from {{ ref('stg_tmdb__episode_crew') }} where {{ is_changed('show_id') }}),

credits as (

    select
        show_id,
        {{ episode_id(
            'tmdb_episode_id', 'tmdb_id', 'season_number', 'episode_number',
        ) }} as episode_id,
        tmdb_person_id,
        case when is_main_cast then 'regular' else 'guest' end as appearance_type,
        character,
        null as job,
        billing_order
    from performances
    union all
    select
        show_id,
        {{ episode_id(
            'tmdb_episode_id', 'tmdb_id', 'season_number', 'episode_number',
        ) }} as episode_id,
        tmdb_person_id,
        'crew' as appearance_type,
        null as character,
        job,
        null as billing_order
    from crew

),

appearances as (

    select
        show_id,
        episode_id,
        {{ person_id('tmdb_person_id') }} as person_id,
        tmdb_person_id,
        appearance_type,
        string_agg(distinct character, ' / ' order by character) as character,
        array_remove(array_agg(distinct job order by job), null) as jobs,
        bool_or({{ is_self('character') }}) as is_self,
        bool_and({{ is_archive_footage('character') }}) as is_archive_footage,
        min(billing_order) as billing_order
    from credits
    where episode_id is not null and tmdb_person_id is not null
    group by show_id, episode_id, tmdb_person_id, appearance_type

)

select
    -- ids
    appearances.episode_id,
    appearances.show_id,
    appearances.person_id,
    appearances.tmdb_person_id,

    -- text
    appearances.character,

    -- codes
    appearances.appearance_type,
    appearances.jobs,
    array['tmdb_tv_seasons'] as sources,

    -- booleans
    appearances.is_self,
    appearances.is_archive_footage,

    -- measures
    appearances.billing_order
from appearances
inner join shows -- drops credits of series whose details never landed
    on appearances.show_id = shows.show_id
inner join people -- drops people who are suppressed
    on appearances.person_id = people.person_id
