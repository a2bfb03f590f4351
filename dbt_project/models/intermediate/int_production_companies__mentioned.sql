{{ config(
    unique_key=['show_id', 'production_company_id'],
    indexes=[
        {'columns': ['show_id', 'production_company_id'], 'unique': true},
        {'columns': ['production_company_id']},
    ],
    meta={'replace_by': 'show_id', 'logs': ['production_company_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

production_companies as (

    {{ first_listed(
        ref('stg_tmdb__show_production_companies'),
        ['production_company_id'],
        ['name', 'logo_path', 'origin_country', 'fetched_at'],
    ) }}

)

select
    production_companies.show_id,
    production_companies.production_company_id,
    production_companies.name,
    production_companies.logo_path,
    production_companies.origin_country,
    production_companies.fetched_at
from production_companies
inner join shows -- drops lists of series whose details never landed
    on production_companies.show_id = shows.show_id
