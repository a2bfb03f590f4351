{#-
    Ids of ours are UUIDs derived from the natural key, so that a rebuild gives the same ones.
    The raw tables index the same expression of their key (raw.create_resource_table): `show_id_of_key` finds
    a show's documents by its id.
-#}

{% macro entity_id(natural_key) -%}
md5({{ natural_key }})::uuid
{%- endmacro %}

{#-
    The rows of a staging view that have this key, for a lateral join: looked up by an index. Joined as a table, the view is read
    whole where a query has many tables, since the planner looks for an order of eight at a time. `offset 0` keeps it apart.
-#}
{% macro looked_up(view, key, value) -%}
(select * from {{ ref(view) }} as held where held.{{ key }} = {{ value }} offset 0)
{%- endmacro %}

{#- A part of a natural key that may hold the slash between parts. -#}
{% macro key_part(value) -%}
replace(replace(coalesce({{ value }}, ''), '\', '\\'), '/', '\/')
{%- endmacro %}

{% macro show_id_of_key(key) -%}
md5('tmdb:tv:' || split_part({{ key }}, '/', 1))::uuid
{%- endmacro %}

{#- A title or a person by IMDb's id; the raw tables of IMDb's are indexed by that of their titles. -#}
{% macro imdb_entity_id(imdb_id) -%}
md5('imdb:' || {{ imdb_id }})::uuid
{%- endmacro %}

{#- A person by TMDb's id, and the person that a document is about. -#}
{% macro person_id(tmdb_person_id) -%}
{{ entity_id("'tmdb:person:' || " ~ tmdb_person_id) }}
{%- endmacro %}

{#- One who may be known to IMDb alone. -#}
{% macro known_person_id(tmdb_person_id, imdb_person_id) -%}
{{ entity_id(
    "coalesce('tmdb:person:' || " ~ tmdb_person_id ~ ", 'imdb:' || " ~ imdb_person_id ~ ")"
) }}
{%- endmacro %}

{% macro person_id_of_key(key) -%}
md5('tmdb:person:' || split_part({{ key }}, '/', 1))::uuid
{%- endmacro %}

{#- By TMDb's id of it, else by the show of `shows` and the number. -#}
{% macro season_id(tmdb_season_id, shows, season_number) -%}
{{ entity_id(
    "coalesce('tmdb:season:' || " ~ tmdb_season_id
    ~ ", coalesce('tmdb:tv:' || " ~ shows ~ ".tmdb_id, 'imdb:' || " ~ shows ~ ".imdb_id)"
    ~ " || '/season/' || " ~ season_number ~ ")"
) }}
{%- endmacro %}

{% macro episode_id(tmdb_episode_id, show_tmdb_id, season_number, episode_number) -%}
{{ entity_id(
    "coalesce('tmdb:episode:' || " ~ tmdb_episode_id
    ~ ", 'tmdb:tv:' || " ~ show_tmdb_id ~ " || '/season/' || " ~ season_number
    ~ " || '/episode/' || " ~ episode_number ~ ")"
) }}
{%- endmacro %}

{#- Whether it gives one: to know costs less than to make it. -#}
{% macro has_episode_id(tmdb_episode_id, show_tmdb_id, season_number, episode_number) -%}
({{ tmdb_episode_id }} is not null or num_nulls({{ show_tmdb_id }}, {{ season_number }}, {{ episode_number }}) = 0)
{%- endmacro %}

{#- An episode whose id another series has: its series and what it is called there. -#}
{% macro disputed_episode_id(relation) -%}
{{ entity_id(relation ~ ".show_id || '/tmdb:episode:' || " ~ relation ~ ".tmdb_episode_id") }}
{%- endmacro %}
