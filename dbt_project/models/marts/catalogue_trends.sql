{{ config(
    incremental_strategy='whole',
    unique_key=['dimension', 'value', 'premiere_year'],
    indexes=[{'columns': ['dimension', 'value', 'premiere_year'], 'unique': true}],
) }}

-- Shares need all shows of a year, so every row depends on many: this one is built as a whole.
{% set dimensions = {
    'all': "array['all']", 'genre': 'array[shows.genre]',
    'network': 'shows.networks', 'country': 'shows.origin_countries',
} %}

with

spellings as (

    select array_agg(lower(spelling.name)) as names
    from {{ ref('stg_reference__integrated_studios') }} as studios
    cross join lateral unnest(array_append(studios.aliases, studios.studio)) as spelling (name)

),

shows as (

    select
        details.*,
        extract(year from details.premiere_date)::integer as premiere_year,
        lower(details.studios::text)::text[] && spellings.names as is_integrated
    from {{ ref('show_details') }} as details
    cross join spellings
    where not details.is_adult and details.premiere_date is not null

),

placed as (

    {% for dimension, values in dimensions.items() %}
        select distinct
            shows.*,
            '{{ dimension }}' as dimension,
            place.value
        from shows
        cross join lateral unnest({{ values }}) as place (value)
        where place.value is not null
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

counted as (

    select
        dimension,
        value,
        premiere_year,
        count(*)::integer as show_count,
        (count(*) filter (where status = 'Active'))::integer as active_show_count,
        (count(*) filter (where season_count >= 2))::integer as renewed_show_count,
        count(*) filter (where is_integrated) as integrated_count,
        count(network) as networked_count,
        round(avg(tmdb_vote_average), 3) as average_vote
    from placed
    group by dimension, value, premiere_year

),

by_network as (

    select
        dimension,
        value,
        premiere_year,
        network,
        count(*) as show_count
    from placed
    where network is not null
    group by dimension, value, premiere_year, network

),

largest as (

    select distinct on (dimension, value, premiere_year) *
    from by_network
    order by dimension, value, premiere_year, show_count desc, network

)

select
    -- text
    counted.value,
    largest.network as largest_network,

    -- codes
    counted.dimension,

    -- measures
    counted.premiere_year,
    counted.show_count,
    counted.show_count - coalesce(earlier.show_count, 0) as show_count_change,
    counted.active_show_count,
    counted.renewed_show_count,
    counted.average_vote,
    {{ share('counted.show_count', 'every_show.show_count') }} as share_of_year,
    {{ share('largest.show_count', 'counted.networked_count') }} as network_concentration,
    {{ share('counted.integrated_count', 'counted.show_count') }} as vertical_integration
from counted
inner join counted as every_show -- each year has one
    on counted.premiere_year = every_show.premiere_year and every_show.dimension = 'all'
left join counted as earlier -- 1:1
    on
        counted.dimension = earlier.dimension and counted.value = earlier.value
        and counted.premiere_year = earlier.premiere_year + 1
left join largest -- 1:1
    on
        counted.dimension = largest.dimension and counted.value = largest.value
        and counted.premiere_year = largest.premiere_year
