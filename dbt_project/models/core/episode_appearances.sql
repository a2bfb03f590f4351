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

with

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

people as (select * from {{ ref('people') }}),

mentions as (
    select * from {{ ref('int_people__mentioned') }} where {{ is_changed('show_id') }}
),

main_cast as (

    select distinct
        show_id,
        tmdb_person_id
    from {{ ref('stg_tmdb__cast') }}
    where {{ is_changed('show_id') }}

),

credits as (

    select
        credited.*,
        case
            when credited.is_crew then 'crew'
            when main_cast.tmdb_person_id is not null then 'regular'
            else 'guest'
        end as appearance_type
    from ({{ episode_credits('shows', 'mentions', 'people') }}) as credited
    left join main_cast -- 1:1
        on
            credited.show_id = main_cast.show_id
            and credited.tmdb_person_id = main_cast.tmdb_person_id
    where
        credited.episode_id is not null
        and coalesce(credited.tmdb_person_id::text, credited.imdb_person_id) is not null

),

-- the roles as TMDb calls them, where it names any
appearances as (

    select
        show_id,
        episode_id,
        {{ known_person_id('tmdb_person_id', 'imdb_person_id') }} as person_id,
        tmdb_person_id,
        appearance_type,
        coalesce(
            string_agg(distinct character, ' / ' order by character) filter (
                where source = 'tmdb_tv_seasons'
            ),
            string_agg(distinct character, ' / ' order by character)
        ) as character,
        array_remove(array_agg(distinct job order by job), null) as jobs,
        array_agg(distinct source order by source) as sources,
        bool_or(is_self) as is_self,
        bool_and(is_archive_footage) as is_archive_footage,
        min(billing_order) as billing_order
    from credits
    group by show_id, episode_id, tmdb_person_id, imdb_person_id, appearance_type

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
    appearances.sources,

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
