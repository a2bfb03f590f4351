{#-
    The two documents of a show; the API's contract (`ShowDetail`, `Show`) lists their members. Both read the CTE hosted
    of `show_documents`.
-#}

{% macro show_summary_json(shows) -%}
json_build_object(
    'id', {{ shows }}.show_id,
    'name', {{ shows }}.name,
    'premiere_date', {{ shows }}.premiere_date,
    'status', {{ shows }}.tmdb_status,
    'type', {{ shows }}.tmdb_type,
    'genres', {{ shows }}.genres,
    'networks', {{ shows }}.networks,
    'origin_countries', {{ shows }}.origin_countries,
    'season_count', {{ shows }}.season_count,
    'episode_count', {{ shows }}.episode_count,
    'tmdb_id', {{ shows }}.tmdb_id,
    'imdb_id', {{ shows }}.imdb_id,
    'popularity', {{ shows }}.tmdb_popularity,
    'vote_average', {{ shows }}.tmdb_vote_average,
    'vote_count', {{ shows }}.tmdb_vote_count,
    'last_aired_date', {{ shows }}.most_recent_episode_air_date,
    'poster_path', {{ shows }}.tmdb_poster_path,
    'hosted_poster_url', hosted.poster_url,
    'hosted_poster_renditions', coalesce(hosted.poster_renditions, '[]')
)::text
{%- endmacro %}

{#- Reads the CTEs networks, companies, seasons, offers and streaming of `show_documents`. -#}
{% macro show_detail_json(shows) -%}
json_build_object(
    'id', {{ shows }}.show_id,
    'name', {{ shows }}.name,
    'original_name', {{ shows }}.original_name,
    'description', {{ shows }}.description,
    'tagline', {{ shows }}.tagline,
    'homepage', {{ shows }}.homepage,
    'premiere_date', {{ shows }}.premiere_date,
    'status', {{ shows }}.tmdb_status,
    'type', {{ shows }}.tmdb_type,
    'original_language', {{ shows }}.original_language,
    'origin_countries', {{ shows }}.origin_countries,
    'languages', {{ shows }}.languages,
    'is_in_production', {{ shows }}.is_in_production,
    'is_active', {{ shows }}.is_active,
    'external_ids', json_build_object(
        'tmdb', {{ shows }}.tmdb_id,
        'imdb', {{ shows }}.imdb_id,
        'tvdb', {{ shows }}.tvdb_id,
        'tvrage', {{ shows }}.tvrage_id,
        'wikidata', {{ shows }}.wikidata_id,
        'facebook', {{ shows }}.facebook_id,
        'instagram', {{ shows }}.instagram_id,
        'twitter', {{ shows }}.twitter_id
    ),
    'genres', {{ shows }}.genres,
    'keywords', {{ shows }}.keywords,
    'networks', {{ shows }}.networks,
    'streaming_providers', coalesce(streaming.names, '{}'),
    'listed_on', {{ shows }}.listed_on,
    'tmdb_network_ids', {{ shows }}.tmdb_network_ids,
    'tmdb_production_company_ids', {{ shows }}.tmdb_production_company_ids,
    'tmdb_networks', coalesce(networks.owners, '[]'::json),
    'tmdb_production_companies', coalesce(companies.owners, '[]'::json),
    'watch_providers', coalesce(offers.offers, '[]'::json),
    'season_count', {{ shows }}.season_count,
    'episode_count', {{ shows }}.episode_count,
    'most_recent_episode', {{ episode_around_json(shows, 'most_recent_episode') }},
    'next_episode', {{ episode_around_json(shows, 'next_episode') }},
    'ratings', json_build_object(
        'tmdb', json_build_object(
            'average', {{ shows }}.tmdb_vote_average, 'count', {{ shows }}.tmdb_vote_count
        ),
        'imdb', json_build_object(
            'average', {{ shows }}.imdb_rating_value, 'count', {{ shows }}.imdb_rating_count
        )
    ),
    'popularity', {{ shows }}.tmdb_popularity,
    'poster_path', {{ shows }}.tmdb_poster_path,
    'hosted_poster_url', hosted.poster_url,
    'hosted_poster_renditions', coalesce(hosted.poster_renditions, '[]'),
    'hosted_backdrop_url', hosted.backdrop_url,
    'hosted_logo_url', hosted.logo_url,
    'seasons', coalesce(seasons.seasons, '[]'::json),
    'freshness', json_build_object(
        'tmdb_fetched_at', {{ shows }}.tmdb_fetched_at,
        'imdb_fetched_at', {{ shows }}.imdb_fetched_at
    ),
    'attribution', {{ attribution_lines(['tmdb', 'justwatch'], shows ~ '.imdb_fetched_at is not null') }}
)::text
{%- endmacro %}

{#-
    Lines that must stand wherever the data is shown; the reference list of sources holds them. IMDb's stands where
    something of it is shown.
-#}
{% macro attribution_lines(sources, shows_imdb='false') -%}
(
    select json_agg(sources.attribution order by sources.source desc)
    from {{ ref('stg_reference__sources') }} as sources
    where sources.source in ('{{ sources | join("', '") }}') or (sources.source = 'imdb' and {{ shows_imdb }})
)
{%- endmacro %}
