{#-
    IMDb's episodes. Of a series that TMDb has they are found by their numbers: neither source names an episode of the other,
    and where the two count differently, a row for each number of either would double what is one. So there TMDb's numbers stand
    alone. Of a series that IMDb alone has (`tmdb_id` is null) each is a row, under the id of its title.
-#}

{#-
    Of changed shows, with what IMDb says of each; `page_…` is what a saved page said of it. Reads the CTE `shows` of
    `episodes`.
-#}
{% macro imdb_episodes() -%}
select
    placed.*,
    titles.title,
    titles.runtime_minutes,
    ratings.rating_value,
    ratings.rating_count
from ({{ placed_imdb_episodes('shows') }}) as placed
left join lateral {{ looked_up('stg_imdb__titles', 'imdb_title_id', 'placed.imdb_episode_id') }} as titles -- 1:1, of a day of its own
    on true
left join lateral {{ looked_up('stg_imdb__ratings', 'imdb_title_id', 'placed.imdb_episode_id') }} as ratings -- 1:1
    on true
{%- endmacro %}

{% macro placed_imdb_episodes(shows) -%}
select
    numbered.show_id,
    numbered.season_number,
    numbered.episode_number,
    numbered.imdb_episode_id,
    numbered.page_title,
    numbered.page_overview,
    numbered.page_air_date,
    false as is_own
from ({{ numbered_imdb_episodes(shows) }}) as numbered
union all
select
    own.show_id,
    own.season_number,
    own.episode_number,
    own.imdb_episode_id,
    own.page_title,
    own.page_overview,
    own.page_air_date,
    true as is_own
from ({{ own_imdb_episodes(imdb_alone(shows)) }}) as own
{%- endmacro %}

{#-
    The numbers that a series of TMDb's has at IMDb, as the datasets and saved pages tell them. A number that IMDb gives to
    two episodes names none of them.
-#}
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
    {%- for view in ('stg_imdb__episodes', 'stg_imdb__page_episodes') %}
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
    cross join lateral {{ looked_up(view, 'imdb_id', 'ids.imdb_id') }} as episodes -- every episode of the series
    where ids.tmdb_id is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as told
group by told.show_id, told.season_number, told.episode_number
having count(distinct told.imdb_title_id) = 1
{%- endmacro %}
