{{ config(
    unique_key=['show_id', 'former_tmdb_episode_id'],
    indexes=[
        {'columns': ['show_id', 'former_tmdb_episode_id'], 'unique': true},
        {'columns': ['alias_id']},
    ],
    meta={'replace_by': 'show_id', 'logs': [], 'exists_in': ['shows']},
) }}

-- TMDb gives an episode that is deleted and added again a new id, and never uses a deleted id
-- again (measured, and TMDb's staff says so). That the new one at the same number and day is the
-- same episode is our rule; TMDb names no predecessor.
--
-- What purged versions said is unknown, so an alias ends when the last version that listed the
-- former id is purged: the table follows from the raw tables alone.

with recursive

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

versions as (

    select
        versions.show_id,
        versions.season_number,
        versions._load_id,
        lead(versions._load_id) over (
            partition by versions.show_id, versions.season_number order by versions._load_id
        ) as next_load_id
    from {{ ref('stg_tmdb__season_versions') }} as versions
    where {{ is_changed('versions.show_id') }}

),

-- no payload is opened of a show of which every season has one version: nothing was replaced
revised_shows as (

    select versions.show_id
    from versions
    inner join shows -- n:1, drops seasons of series whose details never landed
        on versions.show_id = shows.show_id
    group by versions.show_id
    having bool_or(versions.next_load_id is not null)

),

-- a number and day that two episodes of one version have tells neither
sightings as (

    select
        episodes.show_id,
        episodes.tmdb_episode_id,
        episodes.season_number,
        episodes.episode_number,
        episodes.air_date,
        versions._load_id,
        versions.next_load_id,
        min(episodes.tmdb_episode_id) over place = max(episodes.tmdb_episode_id) over place
            as is_alone
    from revised_shows
    cross join lateral {{ looked_up(
        'stg_tmdb__episode_versions', 'show_id', 'revised_shows.show_id',
    ) }} as episodes -- every episode in every version
    inner join versions -- n:1
        on
            episodes.show_id = versions.show_id
            and episodes.season_number = versions.season_number
            and episodes._load_id = versions._load_id
    where episodes.tmdb_episode_id is not null
    window place as (
        partition by
            episodes.show_id, episodes.season_number, episodes._load_id,
            episodes.episode_number, episodes.air_date
    )

),

-- from which load until which the show listed the episode, in any season; still listed: no end
stays as (

    select
        sightings.show_id,
        sightings.tmdb_episode_id,
        range_agg(int8range(sightings._load_id, sightings.next_load_id)) as loads
    from sightings
    group by sightings.show_id, sightings.tmdb_episode_id

),

-- who came to the place that an episode had when it left; who stood beside it before is another
candidates as (

    select
        gone.show_id,
        gone.tmdb_episode_id,
        gone.loads,
        arrivals.tmdb_episode_id as next_tmdb_episode_id,
        rank() over (
            partition by gone.show_id, gone.tmdb_episode_id order by arrivals._load_id
        ) as place_in_time
    from stays as gone
    inner join sightings as places -- 1:n where it stood twice in the last version
        on
            gone.show_id = places.show_id
            and gone.tmdb_episode_id = places.tmdb_episode_id
            and upper(gone.loads) = places.next_load_id
    inner join sightings as arrivals -- drops those whose place stays empty
        on
            places.show_id = arrivals.show_id
            and places.season_number = arrivals.season_number
            and places.episode_number = arrivals.episode_number
            and places.air_date = arrivals.air_date
            and places.next_load_id <= arrivals._load_id
    inner join stays as arrived -- n:1
        on
            arrivals.show_id = arrived.show_id
            and arrivals.tmdb_episode_id = arrived.tmdb_episode_id
            and not gone.loads && arrived.loads
    where not upper_inf(gone.loads) and places.is_alone and arrivals.is_alone

),

-- the first that came; of two that came at once nobody can tell
replacements as (

    select
        candidates.show_id,
        candidates.tmdb_episode_id,
        candidates.loads,
        min(candidates.next_tmdb_episode_id) as next_tmdb_episode_id
    from candidates
    where candidates.place_in_time = 1
    group by candidates.show_id, candidates.tmdb_episode_id, candidates.loads
    having min(candidates.next_tmdb_episode_id) = max(candidates.next_tmdb_episode_id)

),

-- two that stood side by side were not one episode, so they cannot both have become this one
certain as (

    select replacements.*
    from replacements
    where
        not exists (
            select from replacements as others
            where
                others.show_id = replacements.show_id
                and others.next_tmdb_episode_id = replacements.next_tmdb_episode_id
                and others.tmdb_episode_id <> replacements.tmdb_episode_id
                and others.loads && replacements.loads
        )

),

-- each left later than the one it replaced: there is no circle
chains as (

    select
        certain.show_id,
        certain.tmdb_episode_id as former_tmdb_episode_id,
        certain.next_tmdb_episode_id as tmdb_episode_id
    from certain
    union all
    select
        chains.show_id,
        chains.former_tmdb_episode_id,
        certain.next_tmdb_episode_id
    from chains
    inner join certain
        on
            chains.show_id = certain.show_id
            and chains.tmdb_episode_id = certain.tmdb_episode_id

)

select
    chains.show_id,
    {{ entity_id("'tmdb:episode:' || chains.former_tmdb_episode_id") }} as alias_id,
    chains.tmdb_episode_id,
    chains.former_tmdb_episode_id
from chains
inner join stays as standing -- drops chains that end at an episode that is gone, and their links
    on
        chains.show_id = standing.show_id
        and chains.tmdb_episode_id = standing.tmdb_episode_id
        and upper_inf(standing.loads)
