{{ config(
    unique_key='season_id',
    indexes=[
        {'columns': ['season_id'], 'unique': true}, {'columns': ['show_id']},
        {'columns': ['disputed_tmdb_season_id']},
        {'columns': ['(season_id::text)'], 'type': 'hash'},
    ],
    meta={
        'replace_by': 'show_id',
        'exists_in': ['shows'],
        'disputed': {'tmdb_season_id': ['stg_tmdb__announced_seasons', 'stg_tmdb__seasons']},
    },
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

announced as (

    {{ first_listed(
        ref('stg_tmdb__announced_seasons'),
        ['season_number'],
        ['tmdb_season_id', 'name', 'overview', 'poster_path', 'vote_average', 'air_date'],
    ) }}

),

fetched as (

    select * from {{ ref('stg_tmdb__seasons') }}
    where {{ is_changed('show_id') }} and not is_gone and season_number is not null

),

own as ({{ own_imdb_places(imdb_alone('shows')) }}),

episode_counts as (

    select
        episodes.show_id,
        episodes.season_number,
        count(*)::integer as episode_count
    from (
        ({{ unique_episodes([]) }})
        union all
        select
            null::uuid as episode_id,
            own.show_id,
            own.season_number,
            own.episode_number
        from own
    ) as episodes
    group by episodes.show_id, episodes.season_number

),

-- the season's own document is the more specific one; the series' list also knows seasons that
-- were only announced. Seasons of series whose details never landed claim nothing
merged as (

    select
        coalesce(fetched.show_id, announced.show_id) as show_id,
        coalesce(fetched.season_number, announced.season_number) as season_number,
        coalesce(fetched.tmdb_season_id, announced.tmdb_season_id) as tmdb_season_id,
        coalesce(fetched.name, announced.name) as name,
        coalesce(fetched.overview, announced.overview) as overview,
        coalesce(fetched.poster_path, announced.poster_path) as poster_path,
        coalesce(fetched.vote_average, announced.vote_average) as vote_average,
        coalesce(fetched.air_date, announced.air_date) as air_date,
        fetched.fetched_at
    from announced
    full join fetched
        on announced.show_id = fetched.show_id and announced.season_number = fetched.season_number
    where coalesce(fetched.show_id, announced.show_id) in (select shows.show_id from shows)
    union all
    {{ own_imdb_seasons('own') }}

),

identified as (

    {{ identified_seasons('merged') }}

)

select
    -- ids
    {{ season_id('identified.own_tmdb_season_id', 'shows', 'identified.season_number') }}
        as season_id,
    identified.show_id,
    identified.own_tmdb_season_id as tmdb_season_id,
    identified.disputed_tmdb_season_id,

    -- text
    identified.name,
    identified.overview,
    identified.poster_path,

    -- measures
    identified.season_number,
    nullif(identified.vote_average, 0) as vote_average,
    coalesce(episode_counts.episode_count, 0) as episode_count,

    -- dates
    identified.air_date,

    -- metadata
    identified.fetched_at as tmdb_fetched_at
from identified
inner join shows -- 1:1
    on identified.show_id = shows.show_id
left join episode_counts -- 1:1
    on
        identified.show_id = episode_counts.show_id
        and identified.season_number = episode_counts.season_number
