{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A view, so that an id is looked up where it stands: `shows` and `people` have indexes on TMDb's
-- and IMDb's. A person whom series alone name has no document that claims an id, and so no row.
{% set of_person = 'tmdb_person_external_ids' %}
{% set claims = [
    ('show', 'shows', 'show_id', 'tmdb', 'tmdb_id', 'tmdb_tv_details'),
    ('show', 'shows', 'show_id', 'imdb', 'imdb_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'tvdb', 'tvdb_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'tvrage', 'tvrage_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'wikidata', 'wikidata_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'facebook', 'facebook_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'instagram', 'instagram_id', 'tmdb_tv_external_ids'),
    ('show', 'shows', 'show_id', 'twitter', 'twitter_id', 'tmdb_tv_external_ids'),
    ('person', 'people', 'person_id', 'tmdb', 'tmdb_id', 'tmdb_person_details'),
    ('person', 'people', 'person_id', 'imdb', 'imdb_id', none),
    ('person', 'people', 'person_id', 'wikidata', 'wikidata_id', of_person),
    ('person', 'people', 'person_id', 'facebook', 'facebook_id', of_person),
    ('person', 'people', 'person_id', 'instagram', 'instagram_id', of_person),
    ('person', 'people', 'person_id', 'twitter', 'twitter_id', of_person),
    ('person', 'people', 'person_id', 'tiktok', 'tiktok_id', of_person),
    ('person', 'people', 'person_id', 'youtube', 'youtube_id', of_person),
] %}

with

claims as (

    {% for entity_type, table, id_column, source, column, resource in claims %}
        select
            held.{{ id_column }} as entity_id,
            held.{{ column }}::text as external_id,
            '{{ entity_type }}' as entity_type,
            '{{ source }}' as source,
            {{ "array['" ~ resource ~ "']" if resource else 'held.imdb_id_evidence' }} as evidence
        from {{ ref(table) }} as held
        where
            held.{{ column }} is not null
            {{ 'and held.tmdb_fetched_at is not null' if resource == 'tmdb_person_details' }}
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
