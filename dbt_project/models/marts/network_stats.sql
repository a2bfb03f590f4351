{{ config(
    incremental_strategy='whole',
    unique_key=['network_id'],
    indexes=[{'columns': ['network_id'], 'unique': true}],
) }}

-- Shares are of all shows, so every row depends on every show: this one is built as a whole.
with

networks as (

    select * from {{ ref('networks') }}

),

show_networks as (

    select * from {{ ref('show_networks') }}

),

shows as (

    select * from {{ ref('show_details') }} where not is_adult

),

owners as (

    select * from {{ ref('stg_reference__network_owners') }}

),

totals as (

    select count(*) as show_count from shows

),

counted as (

    select
        show_networks.network_id,
        count(*)::integer as show_count,
        (count(*) filter (where shows.status = 'Active'))::integer as active_show_count,
        (
            count(*) filter (where shows.status in ('Ended', 'Cancelled'))
        )::integer as ended_show_count,
        (count(*) filter (where shows.season_count >= 2))::integer as renewed_show_count,
        sum(shows.episode_count)::integer as episode_count,
        round(avg(shows.tmdb_vote_average), 3) as average_vote
    from show_networks
    inner join shows on show_networks.show_id = shows.show_id -- drops shows for adults
    group by show_networks.network_id

),

genre_counts as (

    select
        show_networks.network_id,
        shows.genre,
        count(*) as show_count
    from show_networks
    inner join shows on show_networks.show_id = shows.show_id -- drops shows for adults
    where shows.genre is not null
    group by show_networks.network_id, shows.genre

),

genres as (

    select
        genre_counts.network_id,
        array_agg(
            genre_counts.genre order by genre_counts.show_count desc, genre_counts.genre
        ) as genres
    from genre_counts
    group by genre_counts.network_id

)

select
    -- ids
    networks.network_id,

    -- text
    networks.name,
    owners.parent_company,
    owners.type as network_type,

    -- codes
    networks.origin_country,
    coalesce(genres.genres, '{}') as genres,

    -- measures
    coalesce(counted.show_count, 0) as show_count,
    coalesce(counted.active_show_count, 0) as active_show_count,
    coalesce(counted.ended_show_count, 0) as ended_show_count,
    coalesce(counted.episode_count, 0) as episode_count,
    counted.average_vote,
    {{ share('coalesce(counted.show_count, 0)', 'totals.show_count') }} as market_share,
    {{ share('counted.renewed_show_count', 'counted.show_count') }} as renewal_rate
from networks
cross join totals
left join counted on networks.network_id = counted.network_id -- 1:1
left join genres on networks.network_id = genres.network_id -- 1:1
left join owners on lower(networks.name) = lower(owners.network) -- 1:1, the seed holds a name once
