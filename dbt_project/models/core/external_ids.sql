{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A view, so that an id is looked up where it stands: `shows` has indexes on TMDb's and IMDb's.
{% set claims = [
    ('show', 'shows', 'show_id', 'tmdb', 'tmdb_id', 'tmdb_tv_details'),
    ('show', 'shows', 'show_id', 'imdb', 'imdb_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'tvdb', 'tvdb_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'tvrage', 'tvrage_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'wikidata', 'wikidata_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'facebook', 'facebook_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'instagram', 'instagram_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'twitter', 'twitter_id', 'tmdb_tv_external_ids'),
] %}

with

claims as (

    {% for entity_type, table, id_column, source, column, resource in claims %}
        select
            held.{{ id_column }} as entity_id,
            held.{{ column }}::text as external_id,
            '{{ entity_type }}' as entity_type,
            '{{ source }}' as source,
            array['{{ resource }}'] as evidence
        from {{ ref(table) }} as held
        where held.{{ column }} is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    -- ids
    claims.entity_id,
    claims.external_id,

    -- codes
    claims.entity_type,
    claims.source,
    claims.evidence
from claims
