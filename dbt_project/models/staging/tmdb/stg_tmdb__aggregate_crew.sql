with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_aggregate_credits')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['crew']) }}

),

people as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.crew',
        ['id', 'name', 'original_name', 'profile_path', 'known_for_department', 'gender',
         'adult', 'department', 'total_episode_count'],
        ['jobs'],
    ) }}

),

elements as (

    select
        people.*,
        element.credit_id,
        element.job,
        element.episode_count,
        element.position as credit_position
    from people
    cross join lateral {{ records('people.jobs', ['credit_id', 'job', 'episode_count']) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as tmdb_person_id,
    {{ to_text('elements.credit_id') }} as credit_id,

    -- text
    {{ to_key('elements.name') }} as name,
    {{ to_key('elements.original_name') }} as original_name,
    {{ to_text('elements.profile_path') }} as profile_path,
    {{ to_text('elements.department') }} as department,
    {{ to_text('elements.job') }} as job,

    -- codes
    {{ to_text('elements.known_for_department') }} as known_for_department,

    -- booleans
    {{ to_boolean('elements.adult') }} as is_adult,

    -- measures
    {{ to_integer('elements.gender') }} as gender_code,
    nullif({{ to_integer('elements.episode_count') }}, 0) as episode_count,
    nullif({{ to_integer('elements.total_episode_count') }}, 0) as total_episode_count,
    elements.credit_position::integer as credit_position,
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['id', 'gender', 'total_episode_count', 'episode_count'],
        booleans=['adult'],
        keys=['name', 'original_name'],
    ) }} as _bad_fields

from elements
