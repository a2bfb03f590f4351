{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

with

providers as (

    select * from {{ ref('watch_providers') }}

),

offers as (

    select * from {{ ref('show_watch_providers') }}
    where {{ is_for_all_ages('show_id') }}

),

regions as (

    select
        counted.provider_id,
        json_agg(
            json_build_object('region', counted.region, 'show_count', counted.show_count)
            order by counted.region
        ) as regions
    from (
        select
            offers.provider_id,
            offers.region,
            count(distinct offers.show_id) as show_count
        from offers
        group by offers.provider_id, offers.region
    ) as counted
    group by counted.provider_id

)

select
    -- ids
    providers.provider_id,

    -- text
    providers.provider_name as name,
    json_build_object(
        'provider_id', providers.provider_id,
        'provider_name', providers.provider_name,
        'display_priority', providers.display_priority,
        'tmdb_logo_path', providers.logo_path,
        {{ hosted_logo_members('providers') }}
    )::text as summary,
    json_build_object(
        'provider_id', providers.provider_id,
        'provider_name', providers.provider_name,
        'display_priority', providers.display_priority,
        'tmdb_logo_path', providers.logo_path,
        {{ hosted_logo_members('providers') }},
        'regions', coalesce(
            (
                select regions.regions
                from regions
                where regions.provider_id = providers.provider_id
            ),
            '[]'::json
        )
    )::text as document,

    -- measures
    providers.display_priority
from providers
