{{ config(
    unique_key='person_id',
    indexes=[{'columns': ['person_id'], 'unique': true}],
    meta={'replace_by': 'person_id'},
) }}

with

people as (

    select * from {{ ref('people') }} where {{ is_changed('person_id') }} and not is_adult

),

appearances as (

    select * from {{ ref('show_appearances') }}
    where {{ is_changed('person_id') }} and is_cast_as_self

),

gathered as (

    select
        person_id,
        array_agg(show_id order by self_episode_count desc nulls last, show_id) as show_ids,
        array_agg(show_name order by self_episode_count desc nulls last, show_id) as show_names,
        count(*)::integer as show_count,
        sum(self_season_count)::integer as season_count,
        sum(self_episode_count)::integer as episode_count,
        max(self_season_count) as most_seasons,
        max(self_episode_count) as most_episodes,
        min(first_air_date) as first_air_date,
        max(last_air_date) as last_air_date
    from appearances
    group by person_id

),

qualified as (

    select
        gathered.*,
        {{ qualifications('gathered') }} as qualified_by
    from gathered

)

select
    -- ids
    people.person_id,
    people.tmdb_id,
    people.imdb_id,
    qualified.show_ids,

    -- text
    people.name,
    {{ alternative_names() }} as alternative_names,
    people.place_of_birth,
    qualified.show_names,

    -- codes
    people.gender,
    {{ zodiac('people.birthday') }} as zodiac,
    qualified.qualified_by,

    -- measures
    qualified.show_count,
    qualified.season_count,
    qualified.episode_count,
    qualified.most_seasons as most_season_count,
    qualified.most_episodes as most_episode_count,

    -- dates
    people.birthday,
    qualified.first_air_date,
    qualified.last_air_date
from qualified
inner join people on qualified.person_id = people.person_id -- drops people known for adult films
where cardinality(qualified.qualified_by) > 0 -- drops who meets none of the rules
