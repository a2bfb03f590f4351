{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- Nothing reads this while building: it goes through every document, when somebody asks what did
-- not fit.
{% set views = [
    ref('stg_imdb__alternative_titles'),
    ref('stg_imdb__crew'),
    ref('stg_imdb__episodes'),
    ref('stg_imdb__files'),
    ref('stg_imdb__page_episodes'),
    ref('stg_imdb__pages'),
    ref('stg_imdb__people'),
    ref('stg_imdb__principals'),
    ref('stg_imdb__ratings'),
    ref('stg_imdb__title_pages'),
    ref('stg_imdb__titles'),
    ref('stg_showhouse__absences'),
    ref('stg_showhouse__mirrored_images'),
    ref('stg_showhouse__suppressed_pages'),
    ref('stg_showhouse__suppressed_people'),
    ref('stg_showhouse__tracked_shows'),
    ref('stg_tmdb__aggregate_cast'),
    ref('stg_tmdb__aggregate_crew'),
    ref('stg_tmdb__announced_seasons'),
    ref('stg_tmdb__cast'),
    ref('stg_tmdb__change_windows'),
    ref('stg_tmdb__changed_people'),
    ref('stg_tmdb__changed_series'),
    ref('stg_tmdb__company_alternative_names'),
    ref('stg_tmdb__company_details'),
    ref('stg_tmdb__company_images'),
    ref('stg_tmdb__crew'),
    ref('stg_tmdb__episode_crew'),
    ref('stg_tmdb__episode_group_details'),
    ref('stg_tmdb__episode_groups'),
    ref('stg_tmdb__episodes'),
    ref('stg_tmdb__found_series'),
    ref('stg_tmdb__guest_stars'),
    ref('stg_tmdb__list_items'),
    ref('stg_tmdb__listed_networks'),
    ref('stg_tmdb__listed_people'),
    ref('stg_tmdb__listed_popularity'),
    ref('stg_tmdb__listed_production_companies'),
    ref('stg_tmdb__listed_series'),
    ref('stg_tmdb__network_alternative_names'),
    ref('stg_tmdb__network_details'),
    ref('stg_tmdb__network_images'),
    ref('stg_tmdb__people'),
    ref('stg_tmdb__person_external_ids'),
    ref('stg_tmdb__person_images'),
    ref('stg_tmdb__person_metrics'),
    ref('stg_tmdb__person_translations'),
    ref('stg_tmdb__searched_series'),
    ref('stg_tmdb__season_cast'),
    ref('stg_tmdb__seasons'),
    ref('stg_tmdb__show_alternative_titles'),
    ref('stg_tmdb__show_content_ratings'),
    ref('stg_tmdb__show_creators'),
    ref('stg_tmdb__show_external_ids'),
    ref('stg_tmdb__show_genres'),
    ref('stg_tmdb__show_images'),
    ref('stg_tmdb__show_keywords'),
    ref('stg_tmdb__show_metrics'),
    ref('stg_tmdb__show_networks'),
    ref('stg_tmdb__show_production_companies'),
    ref('stg_tmdb__show_recommendations'),
    ref('stg_tmdb__show_translations'),
    ref('stg_tmdb__show_videos'),
    ref('stg_tmdb__show_watch_providers'),
    ref('stg_tmdb__shows'),
] %}

{% for view in views %}
    select
        -- ids
        '{{ view.identifier }}' as model,
        checked._load_id as load_id,
        bad.field,

        -- measures
        count(*) as value_count
    from {{ view }} as checked
    cross join lateral unnest(checked._bad_fields) as bad (field)
    group by checked._load_id, bad.field
    {{ 'union all' if not loop.last }}
{% endfor %}
