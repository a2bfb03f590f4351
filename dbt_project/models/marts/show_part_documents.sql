{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A view: what it shows of one show is a look-up in an index or two, and a copy would double what
-- stands in core. Ask it by `show_id` and `part`.
with

images as (

    select * from {{ ref('images') }} where owner_type = 'show'

),

image_lists as (

    select
        images.show_id,
        json_agg(
            {{ image_json('images') }}
            order by images.kind, images.is_primary desc, {{ image_order('images') }}
        ) as documents
    from images
    group by images.show_id

),

title_lists as (

    select
        titles.show_id,
        json_agg(
            json_build_object(
                'title', titles.title,
                'source', titles.source,
                'kind', titles.title_kind,
                'type', titles.title_type,
                'language', titles.language,
                'country', titles.country,
                'tagline', titles.tagline,
                'overview', titles.overview
            )
            order by titles.title_kind, titles.source desc, titles.position
        ) as documents,
        {{ attribution_lines(['tmdb'], "bool_or(titles.source = 'imdb')") }} as attribution
    from {{ ref('show_titles') }} as titles
    group by titles.show_id

),

video_lists as (

    select
        videos.show_id,
        json_agg(
            json_build_object(
                'id', videos.video_id,
                'name', videos.name,
                'type', videos.video_type,
                'site', videos.site,
                'key', videos.site_key,
                'url', videos.url,
                'language', videos.language,
                'country', videos.country,
                'is_official', videos.is_official,
                'size', videos.size,
                'published_at', videos.published_at
            )
            order by videos.position, videos.video_id
        ) as documents
    from {{ ref('show_videos') }} as videos
    group by videos.show_id

),

recommendation_lists as (

    select
        listed.show_id,
        json_agg(
            json_build_object(
                'id', held.show_id,
                'tmdb_id', listed.recommended_tmdb_id,
                'name', listed.name,
                'first_air_date', listed.first_air_date,
                'position', listed.position
            )
            order by listed.position
        ) as documents,
        {{ attribution_lines(['tmdb']) }} as attribution
    from {{ ref('show_recommendations') }} as listed
    left join {{ ref('shows') }} as held -- 1:1, none where it is not held
        on listed.recommended_show_id = held.show_id
    -- as lists of shows, which leave out those for adults unless somebody asks for them
    where coalesce(listed.is_adult, false) is false and held.is_adult is not true
    group by listed.show_id

),

parts as (

    select
        'images' as part,
        image_lists.*,
        null::json as attribution
    from image_lists
    union all
    select
        'titles' as part,
        title_lists.*
    from title_lists
    union all
    select
        'videos' as part,
        video_lists.*,
        null as attribution
    from video_lists
    union all
    select
        'orders' as part,
        orders.*,
        null as attribution
    from ({{ orders_by_show() }}) as orders
    union all
    select
        'content-ratings' as part,
        ratings.*,
        null as attribution
    from ({{ content_ratings_by_show() }}) as ratings
    union all
    select
        'recommendations' as part,
        recommendation_lists.*
    from recommendation_lists

)

select
    -- ids
    parts.show_id,

    -- text
    parts.documents::text as document,
    parts.attribution::text as attribution,

    -- codes
    parts.part
from parts
