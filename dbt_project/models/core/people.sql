{{ config(
    unique_key='person_id',
    indexes=[
        {'columns': ['person_id'], 'unique': true},
        {'columns': ['tmdb_id']},
        {'columns': ['imdb_id']},
        {'columns': ["(md5('imdb:' || imdb_id)::uuid)"]},
        {'columns': ['wikidata_id']},
        {'columns': ['refused_ids'], 'type': 'gin'},
        {'columns': ['name', 'person_id']},
        {'columns': ['popularity desc nulls last', 'person_id']},
    ],
    post_hook="{{ index_by_trigrams(to_search_text('name')) }}",
    meta={
        'replace_by': 'person_id', 'identity': 'person', 'appears_with': 'imdb_id',
        'stood_as': "md5('imdb:' || imdb_id)::uuid",
    },
) }}

with

mentions as (select * from {{ ref('int_people__mentioned') }} where {{ is_changed('person_id') }}),

external_ids as (
    select * from {{ ref('stg_tmdb__person_external_ids') }} where {{ is_changed('person_id') }}
),

metrics as (
    select * from {{ ref('stg_tmdb__person_metrics') }} where {{ is_changed('person_id') }}
),

documents as ({{ known_people() }}),

details as (select * from documents where {{ is_changed('person_id') }}),

-- many series name the same person; the latest that says something wins, value by value
named as (

    select
        mentions.person_id,
        mentions.tmdb_person_id as tmdb_id,
        mentions.imdb_person_id,
        {{ latest_told('mentions', 'name') }} as name,
        {{ latest_told('mentions', 'original_name') }} as original_name,
        {{ latest_told('mentions', 'profile_path') }} as profile_path,
        {{ latest_told('mentions', 'known_for_department') }} as known_for_department,
        {{ latest_told('mentions', 'is_adult') }} as is_adult,
        {{ latest_told('mentions', 'gender_code') }} as gender_code
    from mentions
    group by mentions.person_id, mentions.tmdb_person_id, mentions.imdb_person_id

),

identities as ({{ person_identities() }})

-- the person's own document is the more specific one
select
    -- ids
    identities.person_id,
    identities.tmdb_id,
    identities.imdb_id,
    identities.wikidata_id,
    external_ids.facebook_id,
    external_ids.instagram_id,
    external_ids.twitter_id,
    external_ids.tiktok_id,
    external_ids.youtube_id,

    -- text
    coalesce(details.name, named.name, identities.own_name) as name,
    named.original_name,
    identities.imdb_name,
    coalesce(details.also_known_as, '{}') as also_known_as,
    details.biography,
    details.place_of_birth,
    details.homepage,
    coalesce(details.profile_path, named.profile_path) as profile_path,

    -- codes
    coalesce(details.known_for_department, named.known_for_department) as known_for_department,
    {{ gender('coalesce(nullif(details.gender_code, 0), named.gender_code)') }} as gender,
    {{ gender_source('coalesce(nullif(details.gender_code, 0), named.gender_code)') }}
        as gender_source,
    {{ birthday_source('details.birthday', 'identities.imdb_birth_year') }} as birthday_source,
    {{ imdb_id_evidence() }} as imdb_id_evidence,
    identities.refused_ids,

    -- booleans
    coalesce(details.is_adult, named.is_adult, false) as is_adult,
    not coalesce(details.is_gone, false) as is_active,

    -- measures
    metrics.popularity,
    coalesce(extract(year from details.birthday)::integer, identities.imdb_birth_year)
        as birth_year,

    -- dates
    details.birthday,
    details.deathday,

    -- metadata
    details.fetched_at as tmdb_fetched_at
from identities
left join details on identities.person_id = details.person_id -- 1:1
left join named on identities.person_id = named.person_id -- 1:1
left join external_ids on identities.person_id = external_ids.person_id -- 1:1
left join metrics on identities.person_id = metrics.person_id -- 1:1
