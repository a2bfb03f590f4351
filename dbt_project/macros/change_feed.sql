{#- What the API's feed of changes tells of: (model, domain of its log, kind of entity, part of its documents). -#}
{% macro fed_changes() -%}
values
    ('show_documents', 'show_id', 'show', 'show'),
    ('season_documents', 'show_id', 'show', 'seasons'),
    ('show_credit_documents', 'show_id', 'show', 'credits'),
    ('show_watch_provider_documents', 'show_id', 'show', 'watch-providers'),
    ('int_show_images__ranked', 'show_id', 'show', 'images'),
    ('hosted_images', 'show_id', 'show', 'images'),
    ('show_titles', 'show_id', 'show', 'titles'),
    ('show_videos', 'show_id', 'show', 'videos'),
    ('episode_orders', 'show_id', 'show', 'orders'),
    ('show_content_ratings', 'show_id', 'show', 'content-ratings'),
    ('show_recommendations', 'show_id', 'show', 'recommendations'),
    ('show_details', 'show_id', 'show', 'summary'),
    ('team_summary', 'show_id', 'show', 'summary'),
    ('show_trends', 'show_id', 'show', 'trends'),
    ('show_appearances', 'show_id', 'show', 'appearances'),
    ('show_appearances', 'person_id', 'person', 'appearances'),
    ('people', 'person_id', 'person', 'person'),
    ('person_images', 'person_id', 'person', 'person'),
    ('network_documents', 'network_id', 'network', 'network'),
    ('production_companies', 'production_company_id', 'company', 'company'),
    ('show_production_companies', 'production_company_id', 'company', 'company'),
    ('watch_providers', 'provider_id', 'watch-provider', 'watch-provider'),
    ('show_watch_providers', 'provider_id', 'watch-provider', 'watch-provider')
{%- endmacro %}

{#- A table of a build's books, which no model is: dbt knows it by no name. -#}
{% macro book(name) -%}
{{ showhouse.layer('staging') }}.{{ name }}
{%- endmacro %}
