{{ config(
    unique_key=['show_id', 'person_id'],
    indexes=[{'columns': ['show_id', 'person_id'], 'unique': true}, {'columns': ['person_id']}],
    meta={
        'replace_by': 'show_id',
        'logs': ['person_id'],
        'through': {'people': ['show_cast', 'episode_appearances']},
    },
) }}

with

shows as ({{ shows_with_cast_minimum() }}),

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

-- within each show; one row per person and episode: nobody is a regular and a guest of one episode
seen as (

    select
        shows.show_id,
        listed.*
    from shows
    cross join lateral (
        select
            appearances.person_id,
            array_agg(distinct episodes.season_number order by episodes.season_number) filter (
                where not is_archive_footage
            ) as season_numbers,
            count(*) filter (where not is_archive_footage) as episode_count,
            count(distinct episodes.season_number) filter (
                where is_self and not is_archive_footage and episodes.season_number > 0
            ) as self_season_count,
            count(*) filter (where is_self and not is_archive_footage) as self_episode_count,
            count(*) filter (where is_archive_footage) as archive_footage_episode_count,
            min(episodes.air_date) filter (where not is_archive_footage) as first_air_date,
            max(episodes.air_date) filter (where not is_archive_footage) as last_air_date,
            string_agg(array_to_string(appearances.sources, ' '), ' ') as sources,
            bool_or(appearances.is_self) as is_self,
            bool_and(appearances.is_archive_footage) as is_archive_footage
        from {{ ref('episode_appearances') }} as appearances
        inner join {{ ref('episodes') }} as episodes -- every appearance is of an episode
            on
                appearances.show_id = episodes.show_id
                and appearances.episode_id = episodes.episode_id
        where appearances.show_id = shows.show_id and appearances.appearance_type <> 'crew'
        group by appearances.person_id
    ) as listed

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
    coalesce(seen.episode_count, 0)::integer as episode_count,
    coalesce(seen.archive_footage_episode_count, 0)::integer as archive_footage_episode_count,
    roles.stated_episode_count::integer as stated_episode_count,
    coalesce(seen.self_season_count, 0)::integer as self_season_count,
    {{ self_episode_count() }} as self_episode_count,
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
