{{ config(
    unique_key=['show_id', 'episode_id', 'person_id', 'appearance_type'],
    indexes=[
        {'columns': ['show_id', 'episode_id', 'person_id', 'appearance_type'], 'unique': true},
        {'columns': ['episode_id']}, {'columns': ['person_id']},
    ],
    meta={
        'replace_by': 'show_id',
        'exists_in': ['shows', 'people'],
        'through': {'people': 'int_people__mentioned'},
    },
) }}

with

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

people as not materialized (select * from {{ ref('people') }}),

mentions as (
    select * from {{ ref('int_people__mentioned') }} where {{ is_changed('show_id') }}
),

-- the series' main cast of today, for seasons of which TMDb lists no regulars
main_cast as (

    select distinct
        show_id,
        {{ person_id('tmdb_person_id') }} as person_id
    from {{ ref('stg_tmdb__cast') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null

),

regulars as (

    select distinct
        show_id,
        season_number,
        person_id
    from {{ ref('season_cast') }}
    where {{ is_changed('show_id') }}

),

seasons_with_regulars as (

    select distinct
        show_id,
        season_number
    from regulars

),

-- TMDb lists who appears in an episode as its guest stars, the main cast among them, and its crew.
-- It is asked show by show: the credits of all series would be written to disk to be grouped.
performers as (

    select
        shows.show_id,
        listed.*
    from shows
    cross join lateral (
        select
            listed.episode_id,
            listed.tmdb_person_id,
            string_agg(distinct listed.character, ' / ' order by listed.character) as character,
            bool_or({{ is_self('listed.character') }}) as is_self,
            bool_and({{ is_archive_footage('listed.character') }}) as is_archive_footage,
            min(listed.billing_order) as billing_order
        from (
            select
                {{ episode_id(
                    'credits.tmdb_episode_id', 'credits.tmdb_id',
                    'credits.season_number', 'credits.episode_number'
                ) }} as episode_id,
                credits.tmdb_person_id,
                credits.character,
                credits.billing_order
            from {{ ref('stg_tmdb__guest_stars') }} as credits
            where
                credits.show_id = shows.show_id
                and credits.tmdb_person_id is not null
                and {{ has_episode_id(
                    'credits.tmdb_episode_id', 'credits.tmdb_id',
                    'credits.season_number', 'credits.episode_number'
                ) }}
        ) as listed
        group by listed.episode_id, listed.tmdb_person_id
    ) as listed

),

crew as (

    select
        shows.show_id,
        listed.*
    from shows
    cross join lateral (
        select
            listed.episode_id,
            listed.tmdb_person_id,
            coalesce(
                array_agg(distinct listed.job order by listed.job) filter (
                    where listed.job is not null
                ),
                '{}'
            ) as jobs
        from (
            select
                {{ episode_id(
                    'credits.tmdb_episode_id', 'credits.tmdb_id',
                    'credits.season_number', 'credits.episode_number'
                ) }} as episode_id,
                credits.tmdb_person_id,
                credits.job
            from {{ ref('stg_tmdb__episode_crew') }} as credits
            where
                credits.show_id = shows.show_id
                and credits.tmdb_person_id is not null
                and {{ has_episode_id(
                    'credits.tmdb_episode_id', 'credits.tmdb_id',
                    'credits.season_number', 'credits.episode_number'
                ) }}
        ) as listed
        group by listed.episode_id, listed.tmdb_person_id
    ) as listed

),

performers_of_imdb as (

    {{ performers_of_imdb('shows', 'mentions', 'people') }}

),

-- an episode whose id another series has stands under an id of its own
episodes as (

    select
        episode_id,
        show_id,
        season_number,
        case
            when disputed_tmdb_episode_id is null then episode_id
            else {{ disputed_id('tmdb_episode_id', 'disputed_tmdb_episode_id') }}
        end as listed_episode_id
    from {{ ref('episodes') }}
    where {{ is_changed('show_id') }}

),

appearances as (

    {{ appearances_in_episodes('performers', 'performers_of_imdb', 'crew') }}

)

-- TMDb does not know in which of its episodes a regular of a season is. So nobody is in an episode
-- for being one: `season_cast` tells that, by season. Here stand those whom a source lists in the
-- episode itself (TMDb its guests and crew, IMDb its principals), and which of these are regulars.
select
    -- ids
    coalesce(episodes.episode_id, appearances.episode_id) as episode_id,
    appearances.show_id,
    people.person_id,
    appearances.tmdb_person_id,

    -- text
    appearances.character,

    -- codes
    case
        when appearances.is_crew then 'crew'
        when regulars.person_id is not null then 'regular'
        when seasons_with_regulars.show_id is null and main_cast.person_id is not null
            then 'regular'
        else 'guest'
    end as appearance_type,
    appearances.jobs,
    appearances.sources,

    -- booleans
    appearances.is_self,
    appearances.is_archive_footage,

    -- measures
    appearances.billing_order
from appearances
inner join people -- n:1; drops people who are suppressed
    on
        people.person_id
        = {{ known_person_id('appearances.tmdb_person_id', 'appearances.imdb_person_id') }}
left join episodes -- n:1
    on
        appearances.show_id = episodes.show_id
        and appearances.episode_id = episodes.listed_episode_id
left join regulars -- n:1
    on
        episodes.show_id = regulars.show_id
        and episodes.season_number = regulars.season_number
        and people.person_id = regulars.person_id
left join seasons_with_regulars -- n:1
    on
        episodes.show_id = seasons_with_regulars.show_id
        and episodes.season_number = seasons_with_regulars.season_number
left join main_cast -- n:1
    on
        appearances.show_id = main_cast.show_id
        and people.person_id = main_cast.person_id
