with

versions as (

    select * from {{ last_known_at_horizon(source('tmdb', 'tmdb_tv_details')) }}

),

documents as (

    select
        versions.key,
        versions.is_tombstone,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        [],
        ['created_by'],
    ) }}

),

elements as (

    select
        documents.key,
        documents.is_tombstone,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.created_by',
        ['id', 'credit_id', 'name', 'profile_path', 'gender'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as tmdb_person_id,
    {{ to_text('elements.credit_id') }} as credit_id,

    -- text
    {{ to_key('elements.name') }} as name,
    {{ to_text('elements.profile_path') }} as profile_path,

    -- measures
    {{ to_integer('elements.gender') }} as gender_code,
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements', integers=['id', 'gender'], keys=['name'], texts=['profile_path'],
    ) }} as _bad_fields

from elements
