{{ config(
    unique_key=['show_id', 'person_id'],
    indexes=[{'columns': ['show_id', 'person_id'], 'unique': true}, {'columns': ['person_id']}],
    meta={
        'replace_by': 'show_id',
        'logs': ['person_id'],
        'exists_in': ['shows'],
    },
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

-- The documents of a show name a person many times, and the best place that says something wins.
-- They are asked show by show: what those of all shows name, 28 million rows of 200,000 series,
-- would be written to disk to be grouped.
named_by_tmdb as (

    select
        shows.show_id,
        named.*
    from shows
    cross join lateral (
        select
            places.tmdb_person_id,
            max(places.fetched_at) as fetched_at,
            {{ best_told('places', 'name') }} as name,
            {{ best_told('places', 'original_name') }} as original_name,
            {{ best_told('places', 'profile_path') }} as profile_path,
            {{ best_told('places', 'known_for_department') }} as known_for_department,
            {{ best_told('places', 'is_adult', 'boolean') }} as is_adult,
            {{ best_told('places', 'gender_code', 'integer') }} as gender_code
        from {{ ref('int_people__named') }} as places
        where places.show_id = shows.show_id and places.tmdb_person_id is not null
        group by places.tmdb_person_id
    ) as named

),

credited_by_imdb as (

    {{ people_credited_by_imdb('shows') }}

)

select
    named.show_id,
    {{ person_id('named.tmdb_person_id') }} as person_id,
    named.tmdb_person_id,
    null as imdb_person_id,
    named.name,
    named.original_name,
    named.profile_path,
    named.known_for_department,
    named.is_adult,
    named.gender_code,
    named.fetched_at
from named_by_tmdb as named
union all
select
    credited.show_id,
    {{ imdb_entity_id('credited.imdb_person_id') }} as person_id,
    null as tmdb_person_id,
    credited.imdb_person_id,
    null as name,
    null as original_name,
    null as profile_path,
    null as known_for_department,
    null as is_adult,
    null as gender_code,
    null as fetched_at
from credited_by_imdb as credited
