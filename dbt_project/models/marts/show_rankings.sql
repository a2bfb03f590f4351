{{ config(
    incremental_strategy='whole',
    unique_key=['show_id', 'period'],
    indexes=[
        {'columns': ['show_id', 'period'], 'unique': true},
        {'columns': ['popularity_rank', 'show_id']},
    ],
    meta={'is_dated': true},
) }}

-- A rank is among all shows, so every row depends on every show: this one is built as a whole, from
-- the latest row of each.
with

trends as (

    select * from {{ ref('show_trends') }} where is_latest

),

dated as (

    select
        trends.*,
        trends.period_start_date = date_trunc(trends.period, {{ as_of() }})::date as is_of_now
    from trends
    where trends.tmdb_popularity is not null -- drops shows that are gone, and what nobody measures

),

-- what happened in an earlier period changed nothing in this one
compared as (

    select
        dated.show_id,
        dated.name,
        dated.period,
        dated.tmdb_popularity,
        dated.tmdb_vote_count,
        case when dated.is_of_now then coalesce(dated.popularity_change, 0) else 0 end
            as popularity_change,
        case when dated.is_of_now then coalesce(dated.vote_count_change, 0) else 0 end
            as vote_count_change,
        dated.is_of_now and dated.popularity_change is null as is_new
    from dated

),

ranked as (

    select
        compared.*,
        rank() over (
            partition by compared.period order by compared.tmdb_popularity desc
        ) as popularity_rank,
        case
            when not compared.is_new
                then rank() over (
                    partition by compared.period, compared.is_new
                    order by compared.tmdb_popularity - compared.popularity_change desc
                )
        end as previous_popularity_rank
    from compared

)

select
    -- ids
    ranked.show_id,

    -- text
    ranked.name,

    -- codes
    ranked.period,

    -- booleans
    ranked.is_new,

    -- measures
    ranked.popularity_rank::integer as popularity_rank,
    ranked.previous_popularity_rank::integer as previous_popularity_rank,
    (ranked.previous_popularity_rank - ranked.popularity_rank)::integer as rank_change,
    ranked.tmdb_popularity,
    ranked.popularity_change,
    ranked.tmdb_vote_count,
    ranked.vote_count_change
from ranked
