{#- IMDb's datasets: what a field holds, and what is gathered of a series. -#}

{#- `a,b` as text[], in IMDb's order, without empty ones; never null. -#}
{% macro listed_text(value) -%}
array_remove(string_to_array(coalesce({{ value }}, ''), ','), '')
{%- endmacro %}

{#- IMDb puts a control character between several kinds of a name. -#}
{% macro separated(value) -%}
regexp_replace({{ value }}, '[\x01-\x1f]+', ', ', 'g')
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
    IMDb's episodes of changed shows, by the numbers that TMDb has them under: neither names an episode of the
    other. A number that IMDb gives to two episodes names none of them. `page_…` is what a page said of it. Reads the CTE
    `shows` of `episodes`.
-#}
{% macro imdb_episodes() -%}
select
    numbered.show_id,
    numbered.season_number,
    numbered.episode_number,
    numbered.imdb_episode_id,
    titles.title,
    ratings.rating_value,
    ratings.rating_count,
    numbered.page_title,
    numbered.page_overview,
    numbered.page_air_date
from ({{ numbered_imdb_episodes('shows') }}) as numbered
left join {{ ref('stg_imdb__titles') }} as titles -- 1:1, of a day of its own
    on numbered.imdb_episode_id = titles.imdb_title_id
left join {{ ref('stg_imdb__ratings') }} as ratings -- 1:1
    on numbered.imdb_episode_id = ratings.imdb_title_id
{%- endmacro %}

{#- Their numbers, as the datasets and saved pages tell them; of the series of `shows`. -#}
{% macro numbered_imdb_episodes(shows) -%}
select
    told.show_id,
    told.season_number,
    told.episode_number,
    min(told.imdb_title_id) as imdb_episode_id,
    bool_or(told.is_of_dataset) as is_of_dataset,
    min(told.title) as page_title,
    min(told.overview) as page_overview,
    min(told.air_date) as page_air_date
from (
    {%- for relation in (ref('stg_imdb__episodes'), ref('stg_imdb__page_episodes')) %}
    select
        ids.show_id,
        episodes.season_number,
        episodes.episode_number,
        episodes.imdb_title_id,
        {{ 'true' if loop.first else 'false' }} as is_of_dataset,
        {{ 'null' if loop.first else 'episodes.title' }} as title,
        {{ 'null' if loop.first else 'episodes.overview' }} as overview,
        {{ 'null::date' if loop.first else 'episodes.air_date' }} as air_date
    from {{ shows }} as ids
    inner join {{ relation }} as episodes -- every episode of the series
        on ids.imdb_id = episodes.imdb_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as told
group by told.show_id, told.season_number, told.episode_number
having count(distinct told.imdb_title_id) = 1
{%- endmacro %}
