{{ config(
    unique_key=['provider_id', 'region', 'offer_type', 'week_start_date'],
    indexes=[
        {'columns': ['provider_id', 'region', 'offer_type', 'week_start_date'], 'unique': true},
    ],
    meta={'replace_by': 'provider_id', 'through': {'adult_shows': 'show_watch_provider_history'}},
) }}

with

stays as (

    select * from {{ ref('show_watch_provider_history') }}
    where {{ is_changed('provider_id') }} and {{ is_for_all_ages('show_id') }}

),

providers as (

    select * from {{ ref('watch_providers') }} where {{ is_changed('provider_id') }}

),

events as (

    select
        stays.provider_id,
        stays.region,
        stays.offer_type,
        date_trunc('week', stays.first_seen_at at time zone 'utc')::date as week_start_date,
        1 as difference,
        not stays.is_from_start as is_arrival,
        false as is_departure
    from stays
    union all
    select
        stays.provider_id,
        stays.region,
        stays.offer_type,
        date_trunc('week', stays.last_seen_at at time zone 'utc')::date as week_start_date,
        -1 as difference,
        false as is_arrival,
        true as is_departure
    from stays
    where not stays.is_current

),

weeks as (

    select
        events.provider_id,
        events.region,
        events.offer_type,
        events.week_start_date,
        sum(events.difference) as difference,
        (count(*) filter (where events.is_arrival))::integer as arrived_count,
        (count(*) filter (where events.is_departure))::integer as left_count
    from events
    group by events.provider_id, events.region, events.offer_type, events.week_start_date

),

counted as (

    select
        weeks.*,
        sum(weeks.difference) over offer as show_count,
        lead(weeks.week_start_date) over offer is null as is_latest
    from weeks
    window offer as (
        partition by weeks.provider_id, weeks.region, weeks.offer_type
        order by weeks.week_start_date
    )

)

select
    -- ids
    counted.provider_id,

    -- text
    providers.provider_name,

    -- codes
    counted.region,
    counted.offer_type,
    to_char(counted.week_start_date, 'IYYY"-W"IW') as iso_week,

    -- booleans
    counted.is_latest,

    -- measures
    counted.show_count::integer as show_count,
    counted.arrived_count,
    counted.left_count,

    -- dates
    counted.week_start_date
from counted
left join providers on counted.provider_id = providers.provider_id -- 1:1, none once nobody has it
