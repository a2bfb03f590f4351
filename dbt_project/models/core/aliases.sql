{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- What IMDb alone knows stands under the UUID of its IMDb id. As soon as TMDb claims that id it is
-- TMDb's series or person, and whoever has the old UUID finds it here: each given id emits its
-- alias. So does an episode that TMDb deleted and added again under another id.
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
        union all
    {% endfor %}
    select
        replaced.alias_id,
        held.episode_id as entity_id,
        'tmdb:episode:' || replaced.former_tmdb_episode_id as natural_key,
        'episode' as entity_type
    from {{ ref('int_episodes__replaced') }} as replaced
    inner join {{ ref('episodes') }} as held -- 1:1
        on
            replaced.show_id = held.show_id
            and replaced.tmdb_episode_id
            = coalesce(held.tmdb_episode_id, held.disputed_tmdb_episode_id)
    where
        -- another series may list the former id, or have replaced it by an episode of its own
        not exists (
            select from {{ ref('episodes') }} as standing
            where standing.episode_id = replaced.alias_id
        )
        and not exists (
            select from {{ ref('int_episodes__replaced') }} as others
            where others.alias_id = replaced.alias_id and others.show_id <> replaced.show_id
        )

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
