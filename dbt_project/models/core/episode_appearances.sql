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

people as not materialized (select * from {{ ref('people') }}),

mentions as (
    select * from {{ ref('int_people__mentioned') }} where {{ is_changed('show_id') }}
),

main_cast as (

    select distinct
        show_id,
        tmdb_person_id
    from {{ ref('stg_tmdb__cast') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null

),

performers as (

    select
        shows.show_id,
        listed.*
    from shows
    cross join lateral ({{ performers_listed_in('shows') }}) as listed

),

crew as (

    select
        shows.show_id,
        listed.*
    from shows
    cross join lateral ({{ crew_listed_in('shows') }}) as listed

),

performers_of_imdb as (

    {{ performers_of_imdb('shows', 'mentions', 'people') }}

),

-- an episode whose id another series has stands under an id of its own
disputed as (

    select
        episode_id,
        show_id,
        {{ disputed_id('tmdb_episode_id', 'disputed_tmdb_episode_id') }} as listed_episode_id
    from {{ ref('episodes') }}
    where {{ is_changed('show_id') }} and disputed_tmdb_episode_id is not null

),

appearances as (

    {{ appearances_in_episodes('performers', 'performers_of_imdb', 'crew') }}

)

select
    -- ids
    coalesce(disputed.episode_id, appearances.episode_id) as episode_id,
    appearances.show_id,
    people.person_id,
    appearances.tmdb_person_id,

    -- text
    appearances.character,

    -- codes
    case
        when appearances.is_crew then 'crew'
        when main_cast.tmdb_person_id is not null then 'regular'
        else 'guest'
    end as appearance_type,
    appearances.jobs,
    appearances.sources,

    -- booleans
    appearances.is_self,
    appearances.is_archive_footage,

    -- measures
    appearances.billing_order
from appearances
inner join people -- n:1; drops people who are suppressed
    on
        people.person_id
        = {{ known_person_id('appearances.tmdb_person_id', 'appearances.imdb_person_id') }}
left join main_cast -- n:1
    on
        appearances.show_id = main_cast.show_id
        and appearances.tmdb_person_id = main_cast.tmdb_person_id
left join disputed -- n:1
    on
        appearances.show_id = disputed.show_id
        and appearances.episode_id = disputed.listed_episode_id
