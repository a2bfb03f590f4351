{{ config(
    unique_key=['show_id', 'person_id'],
    indexes=[{'columns': ['show_id', 'person_id'], 'unique': true}, {'columns': ['person_id']}],
    meta={
        'replace_by': 'show_id',
        'logs': ['person_id'],
        'through': {'people': ['show_cast', 'season_cast', 'episode_appearances']},
    },
) }}

with

-- with the fewest episodes that somebody must be in to count among the cast; null where the show
-- counts for nobody. An override is looked up by IMDb's id, then TMDb's, then by title and network,
-- where no id of it says otherwise.
shows as (

    select
        shows.*,
        {{ cast_minimum('found.minimum_episodes') }} as minimum_episode_count
    from {{ ref('shows') }} as shows
    left join lateral (
        select overrides.minimum_episodes
        from {{ ref('stg_reference__show_overrides') }} as overrides
        where
            overrides.imdb_id = shows.imdb_id
            or overrides.tmdb_id = shows.tmdb_id
            or (
                lower(overrides.title) = lower(shows.name)
                and overrides.network = any(shows.networks)
                and coalesce(overrides.imdb_id = shows.imdb_id, true)
                and coalesce(overrides.tmdb_id = shows.tmdb_id, true)
            )
        order by
            overrides.imdb_id = shows.imdb_id desc nulls last,
            overrides.tmdb_id = shows.tmdb_id desc nulls last,
            overrides.minimum_episodes
        limit 1
    ) as found on true
    where {{ is_changed('shows.show_id') }} and not shows.is_adult

),

people as (select * from {{ ref('people') }} where not is_adult),

roles as (

    select
        show_id,
        person_id,
        array_agg(character order by billing_order, character) filter (
            where character is not null
        ) as characters,
        string_agg(array_to_string(sources, ' '), ' ') as sources,
        bool_or(credit_category = 'Self') as is_self,
        bool_and(is_archive_footage) as is_archive_footage,
        bool_or(is_main_cast) as is_main_cast,
        min(billing_order) as billing_order,
        sum(episode_count) filter (where not is_archive_footage) as stated_episode_count,
        bool_or(credit_category = 'Self' and not is_archive_footage) as is_seen_as_self,
        sum(episode_count) filter (
            where credit_category = 'Self' and not is_archive_footage
        ) as stated_self_episode_count
    from {{ ref('show_cast') }}
    where {{ is_changed('show_id') }}
    group by show_id, person_id

),

-- of a season whose episodes have no date, the day on which it begins is known at most
season_days as (

    select
        seasons.show_id,
        seasons.season_number,
        coalesce(min(episodes.air_date), seasons.air_date) as first_air_date,
        max(episodes.air_date) as last_air_date
    from {{ ref('seasons') }} as seasons
    left join {{ ref('episodes') }} as episodes -- every episode of the season
        on
            seasons.show_id = episodes.show_id
            and seasons.season_number = episodes.season_number
    where {{ is_changed('seasons.show_id') }}
    group by seasons.show_id, seasons.season_number, seasons.air_date

),

-- Whoever is listed in an episode is in it and in its season; one row per person and episode, for
-- nobody is a regular and a guest of one. A regular of a season is in that season, on its days, in
-- nobody knows which of its episodes.
places as (

    select
        appearances.show_id,
        appearances.person_id,
        episodes.season_number,
        true as is_episode,
        appearances.is_self,
        appearances.is_archive_footage,
        episodes.air_date as first_air_date,
        episodes.air_date as last_air_date,
        array_to_string(appearances.sources, ' ') as sources
    from {{ ref('episode_appearances') }} as appearances
    inner join {{ ref('episodes') }} as episodes -- every appearance is of an episode
        on
            appearances.show_id = episodes.show_id
            and appearances.episode_id = episodes.episode_id
    where {{ is_changed('appearances.show_id') }} and appearances.appearance_type <> 'crew'
    union all
    select
        regulars.show_id,
        regulars.person_id,
        regulars.season_number,
        false as is_episode,
        regulars.is_self,
        regulars.is_archive_footage,
        season_days.first_air_date,
        season_days.last_air_date,
        'tmdb_tv_season_credits' as sources
    from {{ ref('season_cast') }} as regulars
    inner join season_days -- every regular is of a season
        on
            regulars.show_id = season_days.show_id
            and regulars.season_number = season_days.season_number
    where {{ is_changed('regulars.show_id') }}

),

-- within each show: those of all shows at once would be written to disk to be grouped
seen as (

    select
        shows.show_id,
        known.*
    from shows
    cross join lateral (
        select
            places.person_id,
            array_agg(distinct places.season_number order by places.season_number) filter (
                where not places.is_archive_footage
            ) as season_numbers,
            array_agg(distinct places.season_number order by places.season_number) filter (
                where not places.is_episode and not places.is_archive_footage
            ) as regular_season_numbers,
            count(distinct places.season_number) filter (
                where not places.is_archive_footage and places.season_number > 0
            ) as season_count,
            count(*) filter (
                where places.is_episode and not places.is_archive_footage
            ) as episode_count,
            count(*) filter (
                where places.is_episode and places.is_archive_footage
            ) as archive_footage_episode_count,
            count(distinct places.season_number) filter (
                where places.is_self and not places.is_archive_footage and places.season_number > 0
            ) as self_season_count,
            count(*) filter (
                where places.is_episode and places.is_self and not places.is_archive_footage
            ) as self_episode_count,
            min(places.first_air_date) filter (
                where not places.is_archive_footage
            ) as first_air_date,
            max(places.last_air_date) filter (
                where not places.is_archive_footage
            ) as last_air_date,
            string_agg(places.sources, ' ') as sources,
            bool_or(places.is_self) as is_self,
            bool_or(places.is_self and not places.is_archive_footage) as is_seen_as_self,
            bool_and(places.is_archive_footage) as is_archive_footage
        from places
        where places.show_id = shows.show_id
        group by places.person_id
    ) as known

)

select
    -- ids
    coalesce(roles.show_id, seen.show_id) as show_id,
    coalesce(roles.person_id, seen.person_id) as person_id,
    shows.tmdb_id as show_tmdb_id,
    people.tmdb_id as person_tmdb_id,

    -- text
    shows.name as show_name,
    people.name as person_name,
    coalesce(roles.characters, '{}') as characters,

    -- codes
    {{ sources_of("concat_ws(' ', roles.sources, seen.sources)") }} as sources,

    -- booleans
    coalesce(roles.is_self, false) or coalesce(seen.is_self, false) as is_self,
    coalesce(roles.is_archive_footage, true)
    and coalesce(seen.is_archive_footage, true) as is_archive_footage,
    coalesce(roles.is_main_cast, false) as is_main_cast,
    {{ is_cast_as_self() }} as is_cast_as_self,

    -- measures
    roles.billing_order,
    coalesce(seen.season_numbers, '{}') as season_numbers,
    coalesce(seen.regular_season_numbers, '{}') as regular_season_numbers,
    nullif(seen.season_count, 0)::integer as season_count,
    coalesce(roles.stated_episode_count, nullif(seen.episode_count, 0))::integer as episode_count,
    nullif(seen.episode_count, 0)::integer as listed_episode_count,
    roles.stated_episode_count::integer as stated_episode_count,
    nullif(seen.archive_footage_episode_count, 0)::integer as archive_footage_episode_count,
    nullif(seen.self_season_count, 0)::integer as self_season_count,
    {{ self_episode_count() }}::integer as self_episode_count,
    shows.minimum_episode_count,

    -- dates
    seen.first_air_date,
    seen.last_air_date
from roles
full join seen
    on roles.show_id = seen.show_id and roles.person_id = seen.person_id
inner join shows -- drops shows for adults
    on coalesce(roles.show_id, seen.show_id) = shows.show_id
inner join people -- drops people known for adult films
    on coalesce(roles.person_id, seen.person_id) = people.person_id
