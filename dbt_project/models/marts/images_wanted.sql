{{ config(materialized='view') }}

with

networks as (

    select * from {{ ref('networks') }}

),

production_companies as (

    select * from {{ ref('production_companies') }}

),

watch_providers as (

    select * from {{ ref('watch_providers') }}

),

logos as (

    select
        'networks' as kind,
        networks.network_id as owner_id,
        networks.logo_path as file_path,
        networks.hosted_logo_key
    from networks
    union all
    select
        'production_companies' as kind,
        production_companies.production_company_id as owner_id,
        production_companies.logo_path as file_path,
        production_companies.hosted_logo_key
    from production_companies
    union all
    select
        'watch_providers' as kind,
        watch_providers.provider_id as owner_id,
        watch_providers.logo_path as file_path,
        watch_providers.hosted_logo_key
    from watch_providers

)

select
    -- ids
    logos.owner_id::bigint as owner_id,

    -- text
    logos.file_path,

    -- codes
    logos.kind,
    'tmdb' as source
from logos
where logos.file_path is not null and logos.hosted_logo_key is null
