{#- What seasons and episodes a show has, by number and by day: inputs of `shows`, which may read staging alone. -#}

{#-
    Counts and the episodes around the build's date; season 0 holds specials and never counts.
    Most recent is the latest aired by `as_of`, next the first after it; of two of IMDb's with one number, always the
    same. `identities` tell the series that IMDb alone has.
-#}
{% macro show_schedules(identities) -%}
select
    episodes.show_id,
    count(*)::integer as episode_count
    {%- for role, rank in (('most_recent_episode', 'latest'), ('next_episode', 'earliest')) %}
    {%- set is_role = "episodes." ~ rank ~ " = 1 and " ~ ("" if rank == 'latest' else "not ") ~ "episodes.has_aired" %},
    max(episodes.season_number) filter (where {{ is_role }}) as {{ role }}_season,
    max(episodes.episode_number) filter (where {{ is_role }}) as {{ role }}_number,
    max(episodes.name) filter (where {{ is_role }}) as {{ role }}_title,
    max(episodes.air_date) filter (where {{ is_role }}) as {{ role }}_air_date
    {%- endfor %}
from (
    select
        counted.*,
        row_number() over (
            partition by counted.show_id, counted.has_aired
            order by
                counted.air_date desc,
                counted.season_number desc,
                counted.episode_number desc nulls last,
                counted.episode_id
        ) as latest,
        row_number() over (
            partition by counted.show_id, counted.has_aired
            order by counted.air_date, counted.season_number, counted.episode_number, counted.episode_id
        ) as earliest
    from (
        select
            candidates.*,
            candidates.air_date <= {{ as_of() }} as has_aired
        from (
            ({{ unique_episodes(['name', 'air_date']) }})
            union all
            {{ own_episodes(identities) }}
        ) as candidates
        where candidates.season_number > 0
    ) as counted
) as episodes
group by episodes.show_id
{%- endmacro %}

{#- As `imdb_alone`, before the table of shows stands. -#}
{% macro own_series(identities) -%}
(select known.show_id, known.imdb_id from {{ identities }} as known where known.is_own)
{%- endmacro %}

{#- In the columns of `unique_episodes`; only pages say when one of IMDb's was aired. -#}
{% macro own_episodes(identities) -%}
select
    {{ imdb_entity_id('own.imdb_episode_id') }} as episode_id,
    own.show_id,
    own.season_number,
    own.episode_number,
    coalesce(own.page_title, titles.title) as name,
    own.page_air_date as air_date
from ({{ own_imdb_episodes(own_series(identities)) }}) as own
left join lateral {{ looked_up('stg_imdb__titles', 'imdb_title_id', 'own.imdb_episode_id') }} as titles -- 1:1, of a day of its own
    on true
{%- endmacro %}

{#- Seasons that were announced or fetched, or that IMDb alone has, without the specials. -#}
{% macro show_season_counts(identities) -%}
select
    numbered.show_id,
    count(distinct numbered.season_number)::integer as season_count
from (
    select
        announced.show_id,
        announced.season_number
    from {{ ref('stg_tmdb__announced_seasons') }} as announced
    where {{ is_changed('announced.show_id') }}
    union all
    select
        fetched.show_id,
        fetched.season_number
    from {{ ref('stg_tmdb__seasons') }} as fetched
    where {{ is_changed('fetched.show_id') }} and not fetched.is_gone
    union all
    select
        own.show_id,
        own.season_number
    from ({{ own_imdb_places(own_series(identities)) }}) as own
) as numbered
where numbered.season_number > 0
group by numbered.show_id
{%- endmacro %}
