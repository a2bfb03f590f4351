{{ config(
    unique_key='show_id',
    indexes=[{'columns': ['show_id'], 'unique': true}],
    meta={'replace_by': 'show_id', 'through': {'people': ['show_crew', 'show_appearances']}},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

people as not materialized (

    select * from {{ ref('people') }} where not is_adult

),

cast_lists as (

    select
        appearances.show_id,
        json_agg(
            json_build_object(
                {{ person_members('people') }},
                'characters', appearances.characters,
                'is_self', appearances.is_self,
                'is_main_cast', appearances.is_main_cast,
                'is_archive_footage', appearances.is_archive_footage,
                'episode_count', appearances.episode_count,
                'season_numbers', appearances.season_numbers,
                'regular_season_numbers', appearances.regular_season_numbers,
                'sources', appearances.sources
            )
            order by
                appearances.is_main_cast desc,
                appearances.billing_order nulls last,
                appearances.episode_count desc nulls last,
                people.person_id
        ) as members,
        bool_or('imdb' = any(appearances.sources)) as is_of_imdb
    from {{ ref('show_appearances') }} as appearances
    inner join people on appearances.person_id = people.person_id -- everyone listed stands there
    where {{ is_changed('appearances.show_id') }}
    group by appearances.show_id

),

crew_lists as (

    select
        crew.show_id,
        json_agg(
            json_build_object(
                {{ person_members('people') }},
                'department', crew.department,
                'job', crew.job,
                'episode_count', crew.episode_count
            )
            order by
                crew.department nulls last,
                crew.job nulls last,
                crew.episode_count desc nulls last,
                people.person_id
        ) as members
    from {{ ref('show_crew') }} as crew
    inner join people on crew.person_id = people.person_id -- drops people for adults
    where {{ is_changed('crew.show_id') }}
    group by crew.show_id

),

documents as (

    select
        shows.show_id,
        coalesce(cast_lists.members, '[]'::json)::text as cast_members,
        coalesce(crew_lists.members, '[]'::json)::text as crew_members,
        {{ attribution_lines(['tmdb'], 'cast_lists.is_of_imdb') }}::text as cast_attribution
    from shows
    left join cast_lists on shows.show_id = cast_lists.show_id -- 1:1
    left join crew_lists on shows.show_id = crew_lists.show_id -- 1:1

)

select
    -- ids
    documents.show_id,

    -- text
    documents.cast_members,
    documents.crew_members,
    documents.cast_attribution,
    md5(documents.cast_members) as cast_etag,
    md5(documents.crew_members) as crew_etag
from documents
