{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- Who has one image of a kind holds it in its own row; only what has many keeps them in a table.
-- Each of these tables has an index on its owner's id as text: that is how an owner is asked for.
{% set several_images = [
    ('show', 'int_show_images__ranked', 'show_id'),
    ('person', 'person_images', 'person_id'),
] %}
{% set single_images = [
    (
        'season', 'poster', 'seasons', 'season_id', 'poster_path',
        "coalesce('tmdb:season:' || held.tmdb_season_id, held.season_id::text)",
    ),
    (
        'episode', 'still', 'episodes', 'episode_id', 'still_path',
        "coalesce('tmdb:episode:' || held.tmdb_episode_id, held.episode_id::text)",
    ),
    (
        'network', 'logo', 'networks', 'network_id', 'logo_path',
        "'tmdb:network:' || held.network_id",
    ),
    (
        'production_company', 'logo', 'production_companies', 'production_company_id', 'logo_path',
        "'tmdb:company:' || held.production_company_id",
    ),
    (
        'watch_provider', 'logo', 'watch_providers', 'provider_id', 'logo_path',
        "'tmdb:watch_provider:' || held.provider_id",
    ),
] %}
{% set hosted = [
    ('key', 'text'), ('url', 'text'), ('sha256', 'text'), ('content_type', 'text'),
    ('etag', 'text'), ('bytes', 'integer'), ('at', 'timestamptz'),
] %}
{% set measured = [
    ('width', 'integer'), ('height', 'integer'), ('aspect_ratio', 'numeric'),
    ('vote_average', 'numeric'), ('vote_count', 'integer'),
] %}

with

images as (

    {% for owner_type, table, id_column in several_images %}
        select
            held.image_id,
            held.{{ id_column }}::text as owner_id,
            {{ 'held.show_id' if owner_type == 'show' else 'null::uuid' }} as show_id,
            held.file_path,
            {% for member, type in hosted %}null::{{ type }} as hosted_{{ member }},
            {% endfor %}'{{ owner_type }}' as owner_type,
            held.kind,
            held.language,
            {% for measure, type in measured %}held.{{ measure }},
            {% endfor %}held.is_primary
        from {{ ref(table) }} as held
        {{ 'union all' if not loop.last }}
    {% endfor %}
    {% for owner_type, kind, table, id_column, path_column, owner_key in single_images %}
        union all
        select
            {{ image_id(owner_key, 'held.' ~ path_column) }} as image_id,
            held.{{ id_column }}::text as owner_id,
            {{ 'held.show_id' if kind != 'logo' else 'null::uuid' }} as show_id,
            held.{{ path_column }} as file_path,
            {% for member, type in hosted %}
                {{ 'held.hosted_logo_' ~ member if kind == 'logo' else 'null::' ~ type }}
                    as hosted_{{ member }},
            {% endfor %}
            '{{ owner_type }}' as owner_type,
            '{{ kind }}' as kind,
            null::text as language,
            {% for measure, type in measured %}null::{{ type }} as {{ measure }},
            {% endfor %}true as is_primary
        from {{ ref(table) }} as held
        where held.{{ path_column }} is not null
    {% endfor %}

)

select
    -- ids
    images.image_id,
    images.owner_id,
    images.show_id,

    -- text
    images.file_path,
    'https://image.tmdb.org/t/p/original' || images.file_path as source_url,
    images.hosted_key,
    images.hosted_url,
    images.hosted_sha256,
    images.hosted_content_type,
    images.hosted_etag,

    -- codes
    images.owner_type,
    images.kind,
    'tmdb' as source,
    images.language,

    -- booleans
    images.is_primary,

    -- measures
    images.width,
    images.height,
    images.aspect_ratio,
    images.vote_average,
    images.vote_count,
    images.hosted_bytes,

    -- times
    images.hosted_at
from images
