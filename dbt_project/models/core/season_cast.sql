{{ config(
    unique_key='season_cast_id',
    indexes=[
        {'columns': ['season_cast_id'], 'unique': true},
        {'columns': ['show_id', 'season_number']},
        {'columns': ['person_id']},
    ],
    meta={
        'replace_by': 'show_id',
        'exists_in': ['shows', 'people'],
        'through': {'people': 'int_people__mentioned'},
    },
) }}

-- depends_on: {{ ref('int_people__mentioned') }}

-- A list that is empty, or none at all, says nothing of who is absent: such a season has no row.
with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

people as not materialized (

    select * from {{ ref('people') }}

),

seasons as (

    select * from {{ ref('seasons') }} where {{ is_changed('show_id') }}

),

-- a role that is listed twice is one, where it is billed best
listed as (

    select distinct on (show_id, season_number, tmdb_person_id, character)
        show_id,
        season_number,
        tmdb_person_id,
        character,
        billing_order,
        credit_id
    from {{ ref('stg_tmdb__season_cast') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null
    order by show_id, season_number, tmdb_person_id, character, billing_order, position

)

select
    -- ids
    {{ entity_id(
        "seasons.season_id || '/cast/' || people.person_id || '/' || coalesce(listed.character, '')"
    ) }} as season_cast_id,
    seasons.season_id,
    shows.show_id,
    people.person_id,
    listed.tmdb_person_id,
    listed.credit_id,

    -- text
    listed.character,

    -- booleans
    {{ is_self('listed.character') }} as is_self,
    {{ is_archive_footage('listed.character') }} as is_archive_footage,

    -- measures
    listed.season_number,
    listed.billing_order
from listed
inner join shows -- n:1; drops lists of series whose details never landed
    on listed.show_id = shows.show_id
inner join seasons -- n:1; drops lists of seasons that are neither announced nor fetched
    on listed.show_id = seasons.show_id and listed.season_number = seasons.season_number
inner join people -- n:1; drops people who are suppressed
    on people.person_id = {{ person_id('listed.tmdb_person_id') }}
