{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

with

companies as (

    select * from {{ ref('production_companies') }}

),

show_companies as (

    select * from {{ ref('show_production_companies') }}
    where {{ is_for_all_ages('show_id') }}

)

select
    -- ids
    companies.production_company_id,

    -- text
    companies.name,
    json_build_object(
        'id', companies.production_company_id,
        'name', companies.name,
        'origin_country', companies.origin_country,
        'tmdb_logo_path', companies.logo_path,
        {{ hosted_logo_members('companies') }},
        'parent_id', companies.parent_production_company_id,
        'parent_name', companies.parent_name,
        'headquarters', companies.headquarters,
        'homepage', companies.homepage,
        'alternative_names', companies.alternative_names,
        'show_count', (
            select count(*)
            from show_companies
            where show_companies.production_company_id = companies.production_company_id
        )
    )::text as document,

    -- codes
    companies.origin_country
from companies
