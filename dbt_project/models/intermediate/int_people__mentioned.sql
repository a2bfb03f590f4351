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

named as (

    {{ named_people() }}

),

-- the documents of one show name a person many times; the best source that says something wins
mentioned as (

    select
        named.show_id,
        named.tmdb_person_id,
        named.imdb_person_id,
        max(named.fetched_at) as fetched_at,
        {{ best_told('named', 'name') }} as name,
        {{ best_told('named', 'original_name') }} as original_name,
        {{ best_told('named', 'profile_path') }} as profile_path,
        {{ best_told('named', 'known_for_department') }} as known_for_department,
        {{ best_told('named', 'is_adult', 'boolean') }} as is_adult,
        {{ best_told('named', 'gender_code', 'integer') }} as gender_code
    from named
    group by named.show_id, named.tmdb_person_id, named.imdb_person_id

)

select
    mentioned.show_id,
    {{ known_person_id('mentioned.tmdb_person_id', 'mentioned.imdb_person_id') }} as person_id,
    mentioned.tmdb_person_id,
    mentioned.imdb_person_id,
    mentioned.name,
    mentioned.original_name,
    mentioned.profile_path,
    mentioned.known_for_department,
    mentioned.is_adult,
    mentioned.gender_code,
    mentioned.fetched_at
from mentioned
inner join shows -- drops credits of series whose details never landed
    on mentioned.show_id = shows.show_id
