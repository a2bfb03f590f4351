{{ config(
    unique_key='person_id',
    indexes=[{'columns': ['person_id'], 'unique': true}, {'columns': ['tmdb_id']}],
    meta={'replace_by': 'person_id'},
) }}

with

mentions as (

    select * from {{ ref('int_people__mentioned') }} where {{ is_changed('person_id') }}

),

suppressed as (

    select * from {{ ref('stg_showhouse__suppressed_people') }}
    where {{ is_changed('person_id') }} and is_suppressed

),

-- many series name the same person; the latest that says something wins, value by value
named as (

    select
        mentions.person_id,
        mentions.tmdb_person_id,
        {{ latest_told('mentions', 'name') }} as name,
        {{ latest_told('mentions', 'original_name') }} as original_name,
        {{ latest_told('mentions', 'profile_path') }} as profile_path,
        {{ latest_told('mentions', 'known_for_department') }} as known_for_department,
        {{ latest_told('mentions', 'is_adult') }} as is_adult,
        {{ latest_told('mentions', 'gender_code') }} as gender_code
    from mentions
    group by mentions.person_id, mentions.tmdb_person_id

)

select
    -- ids
    named.person_id,
    named.tmdb_person_id as tmdb_id,

    -- text
    named.name,
    named.original_name,
    named.profile_path,

    -- codes
    named.known_for_department,
    {{ gender('named.gender_code') }} as gender,

    -- booleans
    coalesce(named.is_adult, false) as is_adult
from named
left join suppressed on named.person_id = suppressed.person_id -- 1:1
where suppressed.person_id is null
