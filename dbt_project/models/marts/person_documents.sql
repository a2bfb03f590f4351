{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A view: a person's document is made when it is asked for, from indexed look-ups. Kept, it would
-- be rewritten for all three thousand people of a series with each change of the series.
with

people as (

    select * from {{ ref('people') }} where not is_adult

)

select
    -- ids
    people.person_id,
    people.tmdb_id,
    people.imdb_id,

    -- text
    people.name,
    {{ to_search_text('people.name') }} as search_text,
    json_build_object(
        {{ person_members('people') }},
        'known_for_department', people.known_for_department,
        'popularity', people.popularity
    )::text as summary,
    {{ person_json() }}::text as document,

    -- codes
    people.known_for_department,

    -- measures
    people.popularity
from people
