{{ config(
    unique_key='show_id',
    indexes=[{'columns': ['show_id'], 'unique': true}],
    meta={
        'replace_by': 'show_id',
        'through': {
            'networks': 'show_networks',
            'production_companies': 'show_production_companies',
            'watch_providers': 'show_watch_providers',
        },
    },
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

statuses as (

    select * from {{ ref('stg_reference__statuses') }}

),

networks as (

    select
        listed.show_id,
        (array_agg(networks.name order by listed.position, listed.network_id))[1] as name
    from {{ ref('show_networks') }} as listed
    inner join {{ ref('networks') }} as networks -- every listed one stands there
        on listed.network_id = networks.network_id
    where {{ is_changed('listed.show_id') }}
    group by listed.show_id

),

studios as (

    select
        listed.show_id,
        array_agg(companies.name order by listed.position, listed.production_company_id) as names
    from {{ ref('show_production_companies') }} as listed
    inner join {{ ref('production_companies') }} as companies -- every listed one stands there
        on listed.production_company_id = companies.production_company_id
    where {{ is_changed('listed.show_id') }} and companies.name is not null
    group by listed.show_id

),

streaming as (

    {{ streaming_providers() }}

)

select
    -- ids
    shows.show_id,
    shows.tmdb_id,
    shows.imdb_id,

    -- text
    shows.name,
    networks.name as network,
    shows.networks,
    coalesce(studios.names, '{}') as studios,
    coalesce(streaming.names, '{}') as streaming_providers,

    -- codes
    shows.genres[1] as genre,
    shows.genres[2:] as subgenres,
    statuses.status,
    shows.tmdb_status,
    shows.tmdb_type,
    case
        when shows.season_count > 1 then 'Ongoing'
        when shows.season_count = 1 and shows.tmdb_status = 'Ended' then 'Limited'
    end as order_type,
    shows.original_language,
    shows.origin_countries,
    shows.listed_on,

    -- booleans
    shows.is_active,
    shows.is_adult,

    -- measures
    shows.season_count,
    shows.episode_count,
    shows.tmdb_vote_average,
    shows.tmdb_vote_count,
    shows.tmdb_popularity,

    -- dates
    shows.premiere_date,
    shows.most_recent_episode_air_date,
    shows.next_episode_air_date,

    -- metadata
    shows.tmdb_fetched_at
from shows
left join statuses on shows.tmdb_status = statuses.tmdb_status -- 1:1
left join networks on shows.show_id = networks.show_id -- 1:1
left join studios on shows.show_id = studios.show_id -- 1:1
left join streaming on shows.show_id = streaming.show_id -- 1:1
