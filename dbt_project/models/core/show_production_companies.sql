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

listed as (

    {{ first_listed(
        ref('stg_tmdb__show_production_companies'), ['production_company_id'], ['position'],
    ) }}

)

select
    -- ids
    listed.show_id,
    listed.production_company_id,

    -- measures
    listed.position
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
