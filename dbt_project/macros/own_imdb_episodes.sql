{#- Episodes and seasons of series that IMDb alone has: see `imdb_episodes.sql`. -#}

{#- The series of `shows` that IMDb alone has. -#}
{% macro imdb_alone(shows) -%}
(select known.show_id, known.imdb_id from {{ shows }} as known where known.tmdb_id is null)
{%- endmacro %}

{#-
    Their episodes. The datasets say which there are, and in which season: one of which IMDb knows no season has no place.
    Pages, told apart by the title's id, only describe them: two pages may claim one title.
-#}
{% macro own_imdb_episodes(series) -%}
select
    placed.show_id,
    placed.season_number,
    placed.episode_number,
    placed.imdb_episode_id,
    pages.title as page_title,
    pages.overview as page_overview,
    pages.air_date as page_air_date
from ({{ own_imdb_places(series) }}) as placed
left join (
    select
        described.show_id,
        listed.imdb_title_id,
        min(listed.title) as title,
        min(listed.overview) as overview,
        min(listed.air_date) as air_date
    from {{ series }} as described
    cross join lateral {{ looked_up('stg_imdb__page_episodes', 'imdb_id', 'described.imdb_id') }} as listed -- drops series without a page
    group by described.show_id, listed.imdb_title_id
) as pages -- 1:1
    on placed.show_id = pages.show_id and placed.imdb_episode_id = pages.imdb_title_id
{%- endmacro %}

{% macro own_imdb_places(series) -%}
select
    own.show_id,
    own.imdb_id,
    episodes.season_number,
    episodes.episode_number,
    episodes.imdb_title_id as imdb_episode_id
from {{ series }} as own
cross join lateral {{ looked_up('stg_imdb__episodes', 'imdb_id', 'own.imdb_id') }} as episodes -- every episode of the series
where episodes.season_number is not null
{%- endmacro %}

{#- The seasons that such episodes are of, in the columns that `seasons` merges: IMDb has nothing to say of one. -#}
{% macro own_imdb_seasons(places) -%}
select
    placed.show_id,
    placed.season_number,
    null::integer as tmdb_season_id,
    null as name,
    null as overview,
    null as poster_path,
    null::numeric as vote_average,
    null::date as air_date,
    null::timestamptz as fetched_at
from {{ places }} as placed
group by placed.show_id, placed.season_number
{%- endmacro %}
