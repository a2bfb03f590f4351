{#- IMDb's datasets: what a field holds, and what is gathered of a series. -#}

{#- `a,b` as text[], in IMDb's order, without empty ones; never null. -#}
{% macro listed_text(value) -%}
array_remove(string_to_array(coalesce({{ value }}, ''), ','), '')
{%- endmacro %}

{#- The strings of a list written as JSON in a field, `["Self - Host"]`, whatever else stands there; never null. -#}
{% macro quoted_texts(value) -%}
array(
    select replace(replace(quoted.parts[1], '\"', '"'), '\\', '\')
    from regexp_matches({{ value }}, '"((?:[^"\\]|\\.)+)"', 'g') with ordinality as quoted (parts, position)
    order by quoted.position
)
{%- endmacro %}

{#-
    The ids of changed shows elsewhere, and what IMDb's datasets say of the series that is claimed to be the same.
    Macros, since `shows` may read staging alone; the sources' `meta.keys` tell which shows a row of IMDb's concerns.
-#}
{% macro show_identities() -%}
select
    ids.show_id,
    ids.imdb_id,
    ids.tvdb_id,
    ids.tvrage_id,
    ids.wikidata_id,
    ids.facebook_id,
    ids.instagram_id,
    ids.twitter_id,
    titles.title as imdb_title,
    ratings.rating_value as imdb_rating_value,
    ratings.rating_count as imdb_rating_count,
    titles.start_year as imdb_start_year,
    titles.end_year as imdb_end_year,
    greatest(titles.fetched_at, ratings.fetched_at) as imdb_fetched_at
from {{ ref('stg_tmdb__show_external_ids') }} as ids
left join {{ ref('stg_imdb__titles') }} as titles on ids.imdb_id = titles.imdb_title_id -- 1:1
left join {{ ref('stg_imdb__ratings') }} as ratings on ids.imdb_id = ratings.imdb_title_id -- 1:1
where {{ is_changed('ids.show_id') }}
{%- endmacro %}

{#-
    IMDb's episodes of changed shows, by the numbers that TMDb has them under: neither names an episode of the
    other. A number that IMDb gives to two episodes names none of them.
-#}
{% macro imdb_episodes() -%}
select
    numbered.show_id,
    numbered.season_number,
    numbered.episode_number,
    numbered.imdb_episode_id,
    titles.title,
    ratings.rating_value,
    ratings.rating_count
from (
    select
        ids.show_id,
        episodes.season_number,
        episodes.episode_number,
        min(episodes.imdb_title_id) as imdb_episode_id
    from {{ ref('stg_tmdb__show_external_ids') }} as ids
    inner join {{ ref('stg_imdb__episodes') }} as episodes -- every episode of the series
        on ids.imdb_id = episodes.imdb_id
    where {{ is_changed('ids.show_id') }}
    group by ids.show_id, episodes.season_number, episodes.episode_number
    having count(*) = 1
) as numbered
left join {{ ref('stg_imdb__titles') }} as titles -- 1:1, of a day of its own
    on numbered.imdb_episode_id = titles.imdb_title_id
left join {{ ref('stg_imdb__ratings') }} as ratings -- 1:1
    on numbered.imdb_episode_id = ratings.imdb_title_id
{%- endmacro %}
