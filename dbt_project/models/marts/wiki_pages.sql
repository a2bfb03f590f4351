{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

with

pages as (

    select * from {{ ref('fandom_people') }}

)

select
    -- ids
    pages.page_key,
    pages.wiki,
    pages.page_id,

    -- text
    pages.title,
    coalesce(pages.name, pages.title) as name,
    pages.full_name,
    pages.birth_date_text,
    pages.birth_place,
    pages.residence,
    pages.hometown,
    pages.occupation,
    pages.trivia,
    pages.categories,
    {{ with_all_members('pages.relatives', ['name', 'relation', 'page']) }} as relatives,
    {{ with_all_members('pages.taglines', ['season', 'text', 'position']) }} as taglines,
    {{ with_all_members('pages.seats', ['season', 'side', 'distance']) }} as seats,
    pages.infobox,

    -- codes
    pages.gender,

    -- measures
    pages.birth_year,

    -- dates
    pages.birth_date,
    pages.death_date,

    -- where it is from
    pages.url,
    pages.revision,
    pages.attribution,
    pages.fetched_at
from pages
