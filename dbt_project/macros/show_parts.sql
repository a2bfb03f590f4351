{#- The wide inputs of `shows`, one row per changed show each; see the note in `shows.sql` for why macros. -#}

{#- What a show belongs to, as arrays in upstream's order, each entry once. -#}
{% macro show_lists() -%}
{%- set lists = [
    ('genres', ref('stg_tmdb__show_genres'), 'name'),
    ('keywords', ref('stg_tmdb__show_keywords'), 'name'),
    ('networks', ref('stg_tmdb__show_networks'), 'name'),
    ('network_ids', ref('stg_tmdb__show_networks'), 'network_id'),
    ('production_company_ids', ref('stg_tmdb__show_production_companies'), 'production_company_id'),
] -%}
select
    entries.show_id
    {%- for name, relation, column in lists %},
    coalesce(
        array_agg(entries.value order by entries.position) filter (where entries.list = '{{ name }}'), '{}'
    ){{ '::integer[]' if column != 'name' }} as {{ name }}
    {%- endfor %}
from (
    {%- for name, relation, column in lists %}
    select
        '{{ name }}' as list,
        listed.show_id,
        listed.{{ column }}::text as value,
        min(listed.position) as position
    from {{ relation }} as listed
    where {{ is_changed('listed.show_id') }} and listed.{{ column }} is not null
    group by listed.show_id, listed.{{ column }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as entries
group by entries.show_id
{%- endmacro %}

{#-
    Counts and the episodes around the build's date; season 0 holds specials and never counts.
    Most recent is the latest aired by `as_of`, next the first after it.
-#}
{% macro show_schedules() -%}
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
            order by counted.air_date desc, counted.season_number desc, counted.episode_number desc nulls last
        ) as latest,
        row_number() over (
            partition by counted.show_id, counted.has_aired
            order by counted.air_date, counted.season_number, counted.episode_number
        ) as earliest
    from (
        select
            candidates.*,
            candidates.air_date <= {{ as_of() }} as has_aired
        from ({{ unique_episodes(['name', 'air_date']) }}) as candidates
        where candidates.season_number > 0
    ) as counted
) as episodes
group by episodes.show_id
{%- endmacro %}

{#- Seasons that were announced or fetched, without the specials. -#}
{% macro show_season_counts() -%}
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
) as numbered
where numbered.season_number > 0
group by numbered.show_id
{%- endmacro %}

{#- Tags that name a list: `tmdb-list:5`, `imdb-list:ls012345678`. -#}
{% macro list_tags(tags) -%}
array(
    select tag.value
    from unnest({{ tags }}) with ordinality as tag (value, position)
    where tag.value ~ '^(tmdb|imdb)-list:'
    order by tag.position
)
{%- endmacro %}

{#- What TMDb's types of episode groups mean, as its documentation of them says. -#}
{% macro order_type(code) -%}
case {{ code }}
    when 1 then 'original_air_date'
    when 2 then 'absolute'
    when 3 then 'dvd'
    when 4 then 'digital'
    when 5 then 'story_arc'
    when 6 then 'production'
    when 7 then 'tv'
end
{%- endmacro %}
