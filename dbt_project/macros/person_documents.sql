{#- The document of a person; the API's contract (`Person`) lists its members. -#}

{% macro show_of_credit_members() -%}
'show_id', shows.show_id,
'show_tmdb_id', shows.tmdb_id,
'show_name', shows.name,
'premiere_date', shows.premiere_date,
'poster_path', shows.tmdb_poster_path
{%- endmacro %}

{#- Reads the CTE people of `person_documents`. -#}
{% macro person_json() -%}
json_build_object(
    {{ person_members('people') }},
    'known_for_department', people.known_for_department,
    'popularity', people.popularity,
    'imdb_id', people.imdb_id,
    'also_known_as', people.also_known_as,
    'biography', people.biography,
    'birthday', people.birthday,
    'birth_year', people.birth_year,
    'zodiac', {{ zodiac('people.birthday') }},
    'deathday', people.deathday,
    'gender', people.gender,
    'place_of_birth', people.place_of_birth,
    'homepage', people.homepage,
    'external_ids', json_build_object(
        'tmdb', people.tmdb_id,
        'imdb', people.imdb_id,
        'wikidata', people.wikidata_id,
        'facebook', people.facebook_id,
        'instagram', people.instagram_id,
        'twitter', people.twitter_id,
        'tiktok', people.tiktok_id,
        'youtube', people.youtube_id
    ),
    'images', coalesce((
        select json_agg(json_build_object(
            'id', images.image_id,
            'file_path', images.file_path,
            'source_url', 'https://image.tmdb.org/t/p/original' || images.file_path,
            'width', images.width,
            'height', images.height,
            'is_primary', images.is_primary,
            'hosted_key', held.hosted_key,
            'hosted_url', held.hosted_url,
            'renditions', coalesce(held.hosted_renditions, '[]')
        ) order by images.rank)
        from {{ ref('person_images') }} as images
        left join {{ ref('hosted_images') }} as held -- 1:1
            on 'person_photos/' || people.tmdb_id || images.file_path = held.receipt_key
        where images.person_id = people.person_id
    ), '[]'::json),
    'cast', coalesce((
        select json_agg(json_build_object(
            {{ show_of_credit_members() }},
            'characters', appearances.characters,
            'is_self', appearances.is_self,
            'is_archive_footage', appearances.is_archive_footage,
            'episode_count', coalesce(appearances.stated_episode_count, appearances.episode_count),
            'season_numbers', appearances.season_numbers,
            'sources', appearances.sources
        ) order by shows.premiere_date desc nulls last, shows.show_id)
        from {{ ref('show_appearances') }} as appearances
        inner join {{ ref('shows') }} as shows on appearances.show_id = shows.show_id
        where appearances.person_id = people.person_id
    ), '[]'::json),
    'crew', coalesce((
        select json_agg(json_build_object(
            {{ show_of_credit_members() }},
            'department', crew.department,
            'job', crew.job,
            'episode_count', crew.episode_count
        ) order by shows.premiere_date desc nulls last, shows.show_id, crew.department, crew.job)
        from {{ ref('show_crew') }} as crew
        inner join {{ ref('shows') }} as shows on crew.show_id = shows.show_id
        where crew.person_id = people.person_id and not shows.is_adult
    ), '[]'::json),
    'freshness', json_build_object('tmdb_fetched_at', people.tmdb_fetched_at),
    'attribution', {{ attribution_lines(['tmdb'], "people.birthday_source = 'imdb' or people.imdb_name is not null") }}
)
{%- endmacro %}
