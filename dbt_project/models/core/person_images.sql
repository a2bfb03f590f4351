{{ config(
    unique_key=['person_id', 'image_id'],
    indexes=[
        {'columns': ['person_id', 'image_id'], 'unique': true},
        {'columns': ['image_id']},
        {'columns': ['(person_id::text)'], 'type': 'hash'},
    ],
    meta={'replace_by': 'person_id'},
) }}

with

people as (

    select * from {{ ref('people') }} where {{ is_changed('person_id') }}

),

listed as (

    select * from {{ ref('stg_tmdb__person_images') }} where {{ is_changed('person_id') }}

),

-- the photo that credits show may be missing from the list, or the list from what was asked for
candidates as (

    select
        listed.person_id,
        listed.file_path,
        listed.language,
        listed.width,
        listed.height,
        listed.aspect_ratio,
        {{ voted('listed.vote_average', 'listed.vote_count') }} as vote_average,
        listed.vote_count,
        listed.position,
        true as is_listed
    from listed
    where listed.file_path is not null
    union all
    select
        people.person_id,
        people.profile_path as file_path,
        null as language,
        null as width,
        null as height,
        null as aspect_ratio,
        null as vote_average,
        null as vote_count,
        null as position,
        false as is_listed
    from people
    where people.profile_path is not null

),

images as (

    select distinct on (candidates.person_id, candidates.file_path) candidates.*
    from candidates
    order by
        candidates.person_id, candidates.file_path, candidates.is_listed desc, candidates.position

),

ranked as (

    select
        images.*,
        row_number() over (
            partition by images.person_id
            order by images.is_listed desc, {{ image_order('images') }}
        ) as rank
    from images

)

select
    -- ids
    {{ image_id("'tmdb:person:' || people.tmdb_id", 'ranked.file_path') }} as image_id,
    ranked.person_id,

    -- text
    ranked.file_path,

    -- codes
    'profile' as kind,
    ranked.language,

    -- booleans
    ranked.rank = 1 as is_primary,

    -- measures
    ranked.rank::integer as rank,
    ranked.width,
    ranked.height,
    ranked.aspect_ratio,
    ranked.vote_average,
    ranked.vote_count
from ranked
inner join people -- drops photos of whom nothing credits
    on ranked.person_id = people.person_id
