{{ config(
    unique_key=['show_id', 'network_id'],
    indexes=[{'columns': ['show_id', 'network_id'], 'unique': true}, {'columns': ['network_id']}],
    meta={'replace_by': 'show_id', 'logs': ['network_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

networks as (

    {{ first_listed(
        ref('stg_tmdb__show_networks'),
        ['network_id'],
        ['name', 'logo_path', 'origin_country', 'fetched_at'],
    ) }}

)

select
    networks.show_id,
    networks.network_id,
    networks.name,
    networks.logo_path,
    networks.origin_country,
    networks.fetched_at
from networks
inner join shows -- drops lists of series whose details never landed
    on networks.show_id = shows.show_id
