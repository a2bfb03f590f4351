{#- What is to be held of a show, and what of it is missing. -#}

{#-
    The resources of which a show has one document each: those whose tables stand for a series, but for its seasons. The
    lists of ids and the changes name series too, and are keyed by none (`meta.keys`).
-#}
{% macro parts_of_a_show() -%}
{%- set names = [] -%}
{%- for source in graph.get('sources', {}).values() if source.name.startswith('tmdb_tv_') -%}
    {%- if source.name not in ('tmdb_tv_seasons', 'tmdb_tv_season_credits') and 'show_id' in source.meta['keys'] -%}
        {%- do names.append("'" ~ source.name ~ "'") -%}
    {%- endif -%}
{%- endfor -%}
select unnest(array[{{ names | sort | join(', ') }}]::text[]) as resource
{%- endmacro %}

{% macro facts_of_a_show() -%}
{{ return({
    'name': 'shows.name is null',
    'description': 'shows.description is null',
    'premiere_date': 'shows.premiere_date is null',
    'status': 'shows.tmdb_status is null',
    'genres': "shows.genres = '{}'",
    'networks': "shows.networks = '{}'",
    'keywords': "shows.keywords = '{}'",
    'imdb_id': 'shows.imdb_id is null',
    'poster': 'shows.primary_poster_image_id is null',
    'backdrop': 'shows.primary_backdrop_image_id is null',
    'logo': 'shows.primary_logo_image_id is null',
    'videos': 'videos.video_count is null',
    'content_ratings': 'content_ratings.content_rating_count is null',
    'watch_providers': 'offers.region_count is null',
    'seasons': 'shows.season_count = 0',
    'episodes': 'shows.episode_count = 0',
}) }}
{%- endmacro %}

{#- Names of what is missing, text[]: reads shows, videos, content_ratings and offers of `show_completeness`. -#}
{% macro missing_facts() -%}
array_remove(array[
    {%- for fact, is_missing in facts_of_a_show().items() %}
    case when {{ is_missing }} then '{{ fact }}' end{{ ',' if not loop.last }}
    {%- endfor %}
], null)
{%- endmacro %}

{% macro share_of_facts(missing) -%}
trim_scale(round(1 - cardinality({{ missing }}) / {{ facts_of_a_show() | length }}.0, 4))
{%- endmacro %}
