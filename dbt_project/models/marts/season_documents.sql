{{ config(
    unique_key='season_id',
    indexes=[
        {'columns': ['season_id'], 'unique': true},
        {'columns': ['show_id', 'season_number'], 'unique': true},
    ],
    meta={'replace_by': 'show_id', 'through': {'people': 'season_cast'}},
) }}

with

seasons as (

    {{ seasons_with_poster() }}

),

people as not materialized (

    select * from {{ ref('people') }} where not is_adult

),

episodes as (

    select * from {{ ref('episodes') }} where {{ is_changed('show_id') }}

),

stills as (

    select * from {{ ref('hosted_images') }}
    where {{ is_changed('show_id') }} and kind = 'episode_stills'

),

episode_lists as (

    select
        episodes.season_id,
        json_agg(
            json_build_object(
                'id', episodes.episode_id,
                'season_number', episodes.season_number,
                'episode_number', episodes.episode_number,
                'title', episodes.title,
                'overview', episodes.overview,
                'air_date', episodes.air_date,
                'runtime_minutes', episodes.runtime_minutes,
                'episode_type', episodes.episode_type,
                'still_path', episodes.still_path,
                'hosted_still_url', stills.hosted_url,
                'vote_average', episodes.tmdb_vote_average,
                'vote_count', episodes.tmdb_vote_count,
                'imdb_id', episodes.imdb_episode_id,
                'imdb_rating_value', episodes.imdb_rating_value,
                'imdb_rating_count', episodes.imdb_rating_count,
                'title_source', episodes.title_source
            )
            order by episodes.episode_number nulls last, episodes.episode_id
        ) as episodes,
        bool_or(episodes.imdb_episode_id is not null) as has_imdb
    from episodes
    left join stills -- 1:1
        on
            episodes.show_id = stills.show_id
            and coalesce(episodes.tmdb_episode_id, episodes.disputed_tmdb_episode_id)
            = stills.tmdb_episode_id
            and episodes.still_path = stills.file_path
    group by episodes.season_id

),

cast_lists as (

    select
        regulars.season_id,
        json_agg(
            json_build_object(
                {{ person_members('people') }},
                'character', regulars.character,
                'billing_order', regulars.billing_order
            )
            order by
                regulars.billing_order nulls last,
                people.person_id,
                regulars.character nulls last
        ) as members
    from {{ ref('season_cast') }} as regulars
    inner join people on regulars.person_id = people.person_id -- drops people for adults
    where {{ is_changed('regulars.show_id') }}
    group by regulars.season_id

),

documents as (

    select
        seasons.season_id,
        seasons.show_id,
        seasons.season_number,
        coalesce(episode_lists.episodes, '[]'::json)::text as episodes,
        {{ attribution_lines(['tmdb'], 'episode_lists.has_imdb') }}::text as attribution,
        json_build_object(
            {{ season_members('seasons') }},
            'overview', seasons.overview,
            'cast', coalesce(cast_lists.members, '[]'::json),
            'episodes', coalesce(episode_lists.episodes, '[]'::json),
            'attribution', {{ attribution_lines(['tmdb'], 'episode_lists.has_imdb') }}
        )::text as document
    from seasons
    left join episode_lists on seasons.season_id = episode_lists.season_id -- 1:1
    left join cast_lists on seasons.season_id = cast_lists.season_id -- 1:1

)

select
    -- ids
    documents.season_id,
    documents.show_id,

    -- text
    documents.document,
    documents.episodes,
    documents.attribution,
    md5(documents.document) as etag,
    md5(documents.episodes) as episodes_etag,

    -- measures
    documents.season_number
from documents
