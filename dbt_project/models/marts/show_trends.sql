{{ config(
    unique_key=['show_id', 'period', 'period_start_date'],
    indexes=[{'columns': ['show_id', 'period', 'period_start_date'], 'unique': true}],
    meta={'replace_by': 'show_id'},
) }}

with

metrics as (select * from {{ ref('show_metrics_history') }} where {{ is_changed('show_id') }}),

statuses as (select * from {{ ref('show_status_history') }} where {{ is_changed('show_id') }}),

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

-- when something began, and when values ended that none followed
events as (

    select
        metrics.show_id,
        true as is_metric,
        metrics.tmdb_popularity,
        metrics.tmdb_vote_average,
        metrics.tmdb_vote_count,
        null as tmdb_status,
        metrics.first_seen_at as happened_at
    from metrics
    union all
    select
        metrics.show_id,
        true as is_metric,
        null as tmdb_popularity,
        null as tmdb_vote_average,
        null as tmdb_vote_count,
        null as tmdb_status,
        metrics.last_seen_at as happened_at
    from metrics
    left join metrics as next_metrics -- 1:1
        on
            metrics.show_id = next_metrics.show_id
            and metrics.last_seen_at = next_metrics.first_seen_at
    where not metrics.is_current and next_metrics.show_id is null -- drops ends that are beginnings
    union all
    select
        statuses.show_id,
        false as is_metric,
        null as tmdb_popularity,
        null as tmdb_vote_average,
        null as tmdb_vote_count,
        statuses.tmdb_status,
        statuses.first_seen_at as happened_at
    from statuses

),

dated as (

    select
        events.*,
        periods.period,
        date_trunc(periods.period, events.happened_at at time zone 'utc')::date
            as period_start_date
    from events
    cross join (values ('week'), ('month')) as periods (period)

),

-- of each week and month, how it ended
ended as (

    select distinct on (show_id, period, period_start_date, is_metric) *
    from dated
    order by show_id, period, period_start_date, is_metric, happened_at desc

),

compared as (

    {{ trends_of('ended') }}

)

select
    -- ids
    compared.show_id,

    -- text
    shows.name,

    -- codes
    compared.period,
    to_char(
        compared.period_start_date,
        case compared.period when 'week' then 'IYYY"-W"IW' else 'YYYY-MM' end
    ) as period_name,
    compared.tmdb_status,
    compared.previous_tmdb_status,

    -- booleans
    compared.is_latest,
    coalesce(compared.tmdb_status <> compared.previous_tmdb_status, false) as has_new_status,

    -- measures
    compared.tmdb_popularity,
    compared.tmdb_popularity - compared.previous_tmdb_popularity as popularity_change,
    compared.tmdb_vote_average,
    compared.tmdb_vote_average - compared.previous_tmdb_vote_average as vote_average_change,
    compared.tmdb_vote_count,
    compared.tmdb_vote_count - compared.previous_tmdb_vote_count as vote_count_change,

    -- dates
    compared.period_start_date
from compared
inner join shows -- drops shows for adults
    on compared.show_id = shows.show_id and not shows.is_adult
