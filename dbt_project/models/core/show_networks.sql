{{ config(
    unique_key=['show_id', 'network_id'],
    indexes=[{'columns': ['show_id', 'network_id'], 'unique': true}, {'columns': ['network_id']}],
    meta={'replace_by': 'show_id', 'logs': ['network_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

listed as (

    {{ first_listed(ref('stg_tmdb__show_networks'), ['network_id'], ['position']) }}

)

select
    -- ids
    listed.show_id,
    listed.network_id,

    -- measures
    listed.position
from listed
inner join shows -- drops lists of series whose details never landed
    on listed.show_id = shows.show_id
