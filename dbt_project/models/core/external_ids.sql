{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A view, so that an id is looked up where it stands: `shows` and `people` have indexes on TMDb's
-- and IMDb's. A person whom series alone name has no document that claims an id, and so no row.
{% set of_person = 'tmdb_person_external_ids' %}
{% set claims = [
    ('show', 'shows', 'show_id', 'tmdb', 'tmdb_id', 'tmdb_tv_details'),
    ('show', 'shows', 'show_id', 'imdb', 'imdb_id', none),
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

overrides as (

    select * from {{ ref('stg_reference__id_overrides') }}

),

claims as (

    {% for entity_type, table, id_column, source, column, resource in claims %}
        select
            held.{{ id_column }} as entity_id,
            held.{{ column }}::text as external_id,
            '{{ entity_type }}' as entity_type,
            '{{ source }}' as source,
            {{ evidence_of_given(entity_type, resource) }} as evidence
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
    case
        when overrides.entity_id is not null then array['stg_reference__id_overrides']
        else claims.evidence
    end as evidence
from claims
left join overrides -- 1:1
    on
        claims.entity_id = overrides.entity_id
        and claims.source = overrides.source
        and claims.external_id = overrides.external_id
        and overrides.is_assigned
