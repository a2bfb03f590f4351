{{ config(
    unique_key=['show_id', 'first_seen_at'],
    indexes=[{'columns': ['show_id', 'first_seen_at'], 'unique': true}],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

versions as (

    select * from {{ ref('stg_tmdb__show_metric_versions') }} where {{ is_changed('show_id') }}

),

said as (

    select
        versions.*,
        {{ voted('versions.vote_average', 'versions.vote_count') }} as voted_average
    from versions

),

changes as (

    select
        said.*,
        {{ is_news(
            'said', ['popularity', 'voted_average', 'vote_count', 'purged_at'],
        ) }} as is_change
    from said

),

periods as (

    select
        changes.*,
        lead(changes.fetched_at) over (
            partition by changes.show_id order by changes._load_id
        ) as last_seen_at
    from changes
    where changes.is_change

),

stays as (

    select
        changes.show_id,
        changes.popularity as tmdb_popularity,
        changes.voted_average as tmdb_vote_average,
        changes.vote_count as tmdb_vote_count,
        changes.fetched_at as first_seen_at,
        changes.last_seen_at
    from periods as changes
    where
        changes.purged_at is null
        and coalesce(changes.popularity, changes.voted_average, changes.vote_count) is not null
        -- of two answers of one instant the later holds
        and (changes.last_seen_at is null or changes.last_seen_at > changes.fetched_at)

),

told as ({{ stays_through_purge(
    'versions', 'stays', ['tmdb_popularity', 'tmdb_vote_average', 'tmdb_vote_count'],
) }})

select
    -- ids
    told.show_id,

    -- booleans
    told.last_seen_at is null as is_current,

    -- measures
    told.tmdb_popularity,
    told.tmdb_vote_average,
    told.tmdb_vote_count,

    -- times
    told.first_seen_at,
    told.last_seen_at
from told
inner join shows -- drops series whose details never landed
    on told.show_id = shows.show_id
