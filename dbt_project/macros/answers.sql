{#- What TMDb answered, as the API gives it again under `/3`. -#}

{#- Each resource that has an endpoint, with the lists of people in its documents. -#}
{% macro answered_resources() -%}
{{ return({
    'tmdb_tv_details': ['created_by'],
    'tmdb_tv_external_ids': [],
    'tmdb_tv_alternative_titles': [],
    'tmdb_tv_translations': [],
    'tmdb_tv_content_ratings': [],
    'tmdb_tv_keywords': [],
    'tmdb_tv_videos': [],
    'tmdb_tv_images': [],
    'tmdb_tv_aggregate_credits': ['cast', 'crew'],
    'tmdb_tv_credits': ['cast', 'crew'],
    'tmdb_tv_watch_providers': [],
    'tmdb_tv_episode_groups': [],
    'tmdb_tv_recommendations': [],
    'tmdb_tv_season_credits': ['cast', 'crew'],
    'tmdb_tv_seasons': ['episodes[].crew', 'episodes[].guest_stars'],
    'tmdb_person_details': [],
    'tmdb_person_external_ids': [],
    'tmdb_person_images': [],
    'tmdb_person_translations': [],
    'tmdb_episode_group_details': [],
    'tmdb_network_details': [],
    'tmdb_network_alternative_names': [],
    'tmdb_network_images': [],
    'tmdb_company_details': [],
    'tmdb_company_alternative_names': [],
    'tmdb_company_images': [],
    'tmdb_find': ['person_results'],
}) }}
{%- endmacro %}

{#-
    The versions of all of them: a relation, as one raw table is. Asked for by resource and key, Postgres leaves the
    other tables out and looks the key up in the index of each.
-#}
{% macro answered_versions() -%}
(
    {%- for resource in showhouse.answered_resources() %}
    select
        '{{ resource }}' as resource,
        key,
        payload,
        is_tombstone,
        purged_at,
        fetched_at,
        load_id,
        superseded_by
    from {{ source('tmdb', resource) }}
    {{- ' union all' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}

{#- The payload of `answers`; in details with the popularity and the votes that landed since, in documents of their own. -#}
{% macro with_measures(answers, horizon) -%}
case {{ answers }}.resource
    {%- for kind in ('tv', 'person') %}
    when 'tmdb_{{ kind }}_details' then {{ answers }}.payload || coalesce((
        select version.payload
        from {{ showhouse.at_horizon(source('tmdb', 'tmdb_' ~ kind ~ '_metrics'), horizon) }}
        where version.key = {{ answers }}.key
    ), '{}')
    {%- endfor %}
    else {{ answers }}.payload
end
{%- endmacro %}

{#- What TMDb's lists show of a series or a person: its search, and what it found by another id. -#}
{% macro tmdb_list_item(answers) -%}
case {{ answers }}.resource
    when 'tmdb_tv_details' then (
        select jsonb_object_agg(member.key, member.value) || jsonb_build_object(
            'genre_ids',
            jsonb_path_query_array({{ answers }}.document, '$.genres[*].id')
        )
        from jsonb_each({{ answers }}.document) as member (key, value)
        where member.key in (
            'adult', 'backdrop_path', 'first_air_date', 'id', 'name', 'origin_country', 'original_language',
            'original_name', 'overview', 'popularity', 'poster_path', 'vote_average', 'vote_count'
        )
    )
    when 'tmdb_person_details' then (
        select jsonb_object_agg(member.key, member.value)
        from jsonb_each({{ answers }}.document) as member (key, value)
        where member.key in (
            'adult', 'gender', 'id', 'known_for_department', 'name', 'original_name', 'popularity', 'profile_path'
        )
    )
end
{%- endmacro %}
