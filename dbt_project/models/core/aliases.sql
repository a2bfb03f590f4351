{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- What IMDb alone knows stands under the UUID of its IMDb id. As soon as TMDb claims that id it is
-- TMDb's series or person, and whoever has the old UUID finds it here: each given id emits its
-- alias.
{% set kinds = {'show': 'shows', 'person': 'people'} %}

with

aliases as (

    {% for kind, table in kinds.items() %}
        select
            {{ entity_id("'imdb:' || held.imdb_id") }} as alias_id,
            held.{{ kind }}_id as entity_id,
            'imdb:' || held.imdb_id as natural_key,
            '{{ kind }}' as entity_type
        from {{ ref(table) }} as held
        where held.imdb_id is not null and held.tmdb_id is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    -- ids
    aliases.alias_id,
    aliases.entity_id,

    -- text
    aliases.natural_key,

    -- codes
    aliases.entity_type
from aliases
