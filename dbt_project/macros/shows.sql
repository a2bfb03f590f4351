{#-
    Parts of `shows`, `seasons` and `episodes` that several of them need. They are macros and no models: each
    runs inside its reader's transaction, filtered by that reader's changed shows, before anything is grouped.
-#}

{#-
    Episodes of changed shows, one row per episode_id, from the seasons' payloads. An episode that stands twice
    keeps its place outside the specials, then the lowest number. `among` is a condition on `episodes`.
-#}
{% macro unique_episodes(columns, among='true') -%}
select distinct on (candidates.episode_id, candidates.show_id)
    candidates.episode_id,
    candidates.show_id,
    candidates.season_number,
    candidates.episode_number{% for column in columns %},
    candidates.{{ column }}{% endfor %}
from (
    select
        episodes.show_id,
        episodes.season_number,
        episodes.episode_number,
        episodes.position,
        {{ episode_id(
            'episodes.tmdb_episode_id', 'episodes.tmdb_id', 'episodes.season_number', 'episodes.episode_number'
        ) }} as episode_id{% for column in columns %},
        episodes.{{ column }}{% endfor %}
    from {{ ref('stg_tmdb__episodes') }} as episodes
    where {{ is_changed('episodes.show_id') }} and {{ among }}
) as candidates
where candidates.episode_id is not null
order by
    candidates.episode_id,
    candidates.show_id,
    candidates.season_number = 0,
    candidates.season_number,
    candidates.episode_number nulls last,
    candidates.position
{%- endmacro %}

{#- The first row of a list for each show and id: an entry listed twice counts once, at its first place. -#}
{% macro first_listed(relation, id_columns, columns) -%}
select distinct on (listed.show_id, listed.{{ id_columns | join(', listed.') }})
    listed.show_id,
    listed.{{ (id_columns + columns) | join(',\n    listed.') }}
from {{ relation }} as listed
where
    {{ is_changed('listed.show_id') }}
    {%- for column in id_columns %}
    and listed.{{ column }} is not null
    {%- endfor %}
order by listed.show_id, listed.{{ id_columns | join(', listed.') }}, listed.position
{%- endmacro %}

{#- Whether the show of a column is not for adults, for marts that count shows: their lists leave those out. -#}
{% macro is_for_all_ages(column) -%}
{{ column }} not in (select adult.show_id from {{ ref('adult_shows') }} as adult)
{%- endmacro %}

{#- A vote average says nothing where nobody voted. -#}
{% macro voted(average, count) -%}
case when {{ count }} > 0 then {{ average }} end
{%- endmacro %}
