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

named_by_tmdb as (

    select
        shows.show_id,
        named.*
    from shows
    cross join lateral ({{ people_named_in('shows') }}) as named

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
