{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A bare union of views: whoever reads it asks for one show at a time, and Postgres hands that down
-- to the index of each raw table. A `with` of its own would stop it.
{% set lists = [
    ref('stg_tmdb__aggregate_cast'),
    ref('stg_tmdb__cast'),
    ref('stg_tmdb__season_cast'),
    ref('stg_tmdb__aggregate_crew'),
    ref('stg_tmdb__crew'),
    ref('stg_tmdb__guest_stars'),
    ref('stg_tmdb__episode_crew'),
] %}

{% for list in lists %}
    select
        -- ids
        credits.show_id,
        credits.tmdb_person_id,

        -- text
        credits.name,
        credits.original_name,
        credits.profile_path,

        -- codes
        credits.known_for_department,

        -- booleans
        credits.is_adult,

        -- measures
        credits.gender_code,
        {{ loop.index }} as rank,

        -- times
        credits.fetched_at
    from {{ list }} as credits
    union all
{% endfor %}
select
    -- ids
    creators.show_id,
    creators.tmdb_person_id,

    -- text
    creators.name,
    null::text as original_name,
    creators.profile_path,

    -- codes
    null::text as known_for_department,

    -- booleans
    null::boolean as is_adult,

    -- measures
    creators.gender_code,
    {{ lists | length + 1 }} as rank,

    -- times
    creators.fetched_at
from {{ ref('stg_tmdb__show_creators') }} as creators
