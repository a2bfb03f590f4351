{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- Who has one image of a kind holds it in its own row; only what has many keeps them in a table.
-- Each of these tables has an index on its owner's id as text: so an owner is asked for.
{% set several_images = [
    ('show', 'int_show_images__ranked', 'show_id', 'shows', "'show_' || held.kind || 's'"),
    ('person', 'person_images', 'person_id', 'people', "'person_photos'"),
] %}
{% set single_images = [
    (
        'season', 'poster', 'seasons', 'season_id', 'poster_path',
        "coalesce('tmdb:season:' || held.tmdb_season_id, held.season_id::text)", 'season_posters',
        "shows.tmdb_id || '/season-' || held.season_number",
    ),
    (
        'episode', 'still', 'episodes', 'episode_id', 'still_path',
        "coalesce('tmdb:episode:' || held.tmdb_episode_id, held.episode_id::text)", 'episode_stills',
        "shows.tmdb_id || '/' || coalesce(held.tmdb_episode_id, held.disputed_tmdb_episode_id)",
    ),
] %}
{% for owner_type, key, owners, id_column in [
    ('network', 'network', 'networks', 'network_id'),
    ('production_company', 'company', 'production_companies', 'production_company_id'),
    ('watch_provider', 'watch_provider', 'watch_providers', 'provider_id'),
] %}
    {% do single_images.append((
        owner_type, 'logo', owners, id_column, 'logo_path', "'tmdb:" ~ key ~ ":' || held." ~ id_column,
        owners, 'held.' ~ id_column ~ '::text',
    )) %}
{% endfor %}
{% set measured = {
    'width': 'integer', 'height': 'integer', 'aspect_ratio': 'numeric',
    'vote_average': 'numeric', 'vote_count': 'integer',
} %}

with

hosted_images as (select * from {{ ref('hosted_images') }}),

images as (

    {% for owner_type, table, id_column, owners, mirror_kind in several_images %}
        select
            held.image_id,
            held.{{ id_column }}::text as owner_id,
            {{ 'held.show_id' if owner_type == 'show' else 'null::uuid' }} as show_id,
            held.file_path,
            owners.tmdb_id::text as mirror_owner,
            {{ mirror_kind }} as mirror_kind,
            '{{ owner_type }}' as owner_type,
            held.kind,
            held.language,
            {% for measure, type in measured.items() %}held.{{ measure }},
            {% endfor %}held.rank
        from {{ ref(table) }} as held
        left join {{ ref(owners) }} as owners -- 1:1
            on held.{{ id_column }} = owners.{{ id_column }}
        {{ 'union all' if not loop.last }}
    {% endfor %}
    {% for owner_type, kind, table, id_column, path_column, owner_key, mirror_kind, owner
        in single_images %}
        union all
        select
            {{ image_id(owner_key, 'held.' ~ path_column) }} as image_id,
            held.{{ id_column }}::text as owner_id,
            {{ 'held.show_id' if kind != 'logo' else 'null::uuid' }} as show_id,
            held.{{ path_column }} as file_path,
            {{ owner }} as mirror_owner,
            '{{ mirror_kind }}' as mirror_kind,
            '{{ owner_type }}' as owner_type,
            '{{ kind }}' as kind,
            null::text as language,
            {% for measure, type in measured.items() %}null::{{ type }} as {{ measure }},
            {% endfor %}1 as rank
        from {{ ref(table) }} as held
        {{ 'left join ' ~ ref('shows') ~ ' as shows using (show_id)' if kind != 'logo' }}
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
    images.mirror_owner,
    hosted_images.hosted_key,
    hosted_images.hosted_url,
    hosted_images.hosted_sha256,
    hosted_images.hosted_content_type,
    hosted_images.hosted_etag,
    coalesce(hosted_images.hosted_renditions, '[]') as hosted_renditions,

    -- codes
    images.owner_type,
    images.kind,
    images.mirror_kind,
    'tmdb' as source,
    images.language,

    -- booleans
    images.rank = 1 as is_primary,

    -- measures
    images.rank,
    {% for measure in measured %}images.{{ measure }},
    {% endfor %}hosted_images.hosted_bytes,

    -- times
    hosted_images.hosted_at
from images
left join hosted_images -- 1:1
    on
        images.mirror_kind || '/' || images.mirror_owner || images.file_path
        = hosted_images.receipt_key
