with

versions as (

    select * from {{ last_known_at_horizon(source('tmdb', 'tmdb_person_details')) }}

),

documents as (

    select
        versions.key,
        versions.latest_payload ->> 'imdb_id' as claimed_imdb_id,
        versions.is_tombstone,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['imdb_id', 'name', 'biography', 'homepage', 'place_of_birth', 'profile_path',
         'known_for_department', 'adult', 'gender', 'birthday', 'deathday'],
        ['also_known_as'],
    ) }}

)

select
    -- ids
    {{ person_id_of_key('documents.key') }} as person_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,
    case when documents.imdb_id ~ '^nm[0-9]{7,10}$' then documents.imdb_id end as imdb_id,
    documents.claimed_imdb_id,

    -- text
    {{ to_key('documents.name') }} as name,
    {{ to_text_array('documents.also_known_as') }} as also_known_as,
    {{ to_text('documents.biography') }} as biography,
    {{ to_text('documents.place_of_birth') }} as place_of_birth,
    {{ to_text('documents.homepage') }} as homepage,
    {{ to_text('documents.profile_path') }} as profile_path,

    -- codes
    {{ to_text('documents.known_for_department') }} as known_for_department,

    -- booleans
    {{ to_boolean('documents.adult') }} as is_adult,
    documents.is_tombstone as is_gone,

    -- measures
    {{ to_integer('documents.gender') }} as gender_code,

    -- dates
    {{ to_date('documents.birthday') }} as birthday,
    {{ to_date('documents.deathday') }} as deathday,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['gender'],
        booleans=['adult'],
        dates=['birthday', 'deathday'],
        keys=['name'],
        texts=[
            'biography', 'place_of_birth', 'homepage', 'profile_path',
            'known_for_department',
        ],
        arrays=['also_known_as'],
    ) }} as _bad_fields

from documents
