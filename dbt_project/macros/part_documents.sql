{#- Lists of the parts of a show. Member order is part of what clients see. -#}

{% macro image_json(images) -%}
json_build_object(
    'id', {{ images }}.image_id,
    'kind', {{ images }}.kind,
    'source', {{ images }}.source,
    'source_url', {{ images }}.source_url,
    'file_path', {{ images }}.file_path,
    'language', {{ images }}.language,
    'width', {{ images }}.width,
    'height', {{ images }}.height,
    'aspect_ratio', {{ images }}.aspect_ratio,
    'vote_average', {{ images }}.vote_average,
    'vote_count', {{ images }}.vote_count,
    'is_primary', {{ images }}.is_primary,
    'hosted_key', {{ images }}.hosted_key,
    'hosted_url', {{ images }}.hosted_url,
    'renditions', {{ images }}.hosted_renditions
)
{%- endmacro %}

{% macro content_ratings_by_show() -%}
select
    ratings.show_id,
    json_agg(
        json_build_object(
            'country', ratings.country,
            'rating', ratings.rating,
            'descriptors', ratings.descriptors
        )
        order by ratings.position, ratings.country, ratings.rating
    ) as documents
from {{ ref('show_content_ratings') }} as ratings
group by ratings.show_id
{%- endmacro %}

{#- Published orders of a show, each with its parts, each of them with its episodes, held or not. -#}
{% macro orders_by_show() -%}
select
    published.show_id,
    json_agg(
        json_build_object(
            'id', published.episode_group_id,
            'name', published.name,
            'type', published.order_type,
            'parts', published.parts
        )
        order by published.name nulls last, published.episode_group_id
    ) as documents
from (
    select
        parts.show_id,
        parts.episode_group_id,
        min(parts.name) as name,
        min(parts.order_type) as order_type,
        json_agg(
            json_build_object('position', parts.position, 'name', parts.part_name, 'episodes', parts.episodes)
            order by parts.position
        ) as parts
    from (
        select
            placed.show_id,
            placed.episode_group_id,
            placed.subgroup_position as position,
            min(placed.name) as name,
            min(placed.order_type) as order_type,
            min(placed.subgroup_name) as part_name,
            json_agg(
                json_build_object(
                    'position', placed.position,
                    'id', placed.episode_id,
                    'tmdb_id', placed.tmdb_episode_id,
                    'season_number', episodes.season_number,
                    'episode_number', episodes.episode_number,
                    'title', episodes.title,
                    'air_date', episodes.air_date
                )
                order by placed.position
            ) as episodes
        from {{ ref('episode_orders') }} as placed
        left join {{ ref('episodes') }} as episodes -- 1:1, none where it is not held
            on placed.episode_id = episodes.episode_id
        group by placed.show_id, placed.episode_group_id, placed.subgroup_position
    ) as parts
    group by parts.show_id, parts.episode_group_id
) as published
group by published.show_id
{%- endmacro %}
