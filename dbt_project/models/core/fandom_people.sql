{{ config(
    unique_key='page_key',
    indexes=[{'columns': ['page_key'], 'unique': true}],
    meta={'replace_by': 'page_key', 'logs': []},
) }}

with

profiles as (

    select * from {{ ref('stg_fandom__profiles') }} where {{ is_changed('page_key') }}

),

suppressed as (

    select * from {{ ref('stg_showhouse__suppressed_pages') }}
    where {{ is_changed('page_key') }} and is_suppressed

)

select
    -- ids
    profiles.page_key,
    profiles.wiki,
    profiles.page_id,

    -- text
    profiles.title,
    profiles.name,
    profiles.full_name,
    profiles.birth_date_text,
    profiles.birth_place,
    profiles.residence,
    profiles.hometown,
    profiles.occupation,
    profiles.trivia,
    profiles.categories,
    profiles.relatives,
    profiles.taglines,
    profiles.seats,
    profiles.images,
    profiles.infobox,

    -- codes
    profiles.gender,

    -- measures
    profiles.birth_year,

    -- dates
    profiles.birth_date,
    profiles.death_date,

    -- where it is from
    profiles.url,
    profiles.revision,
    profiles.parser_version,
    format(
        '“%s”, %s wiki on Fandom, revision %s, CC BY-SA: %s',
        profiles.title, profiles.wiki, profiles.revision, profiles.url
    ) as attribution,
    profiles.fetched_at
from profiles
left join suppressed -- 1:1
    on profiles.page_key = suppressed.page_key
where
    'person' = any(profiles.kinds)
    and suppressed.page_key is null -- drops pages that are to be forgotten
