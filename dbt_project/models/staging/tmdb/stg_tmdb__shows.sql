with

versions as (

    select * from {{ last_known_at_horizon(source('tmdb', 'tmdb_tv_details')) }}

),

documents as (

    select
        versions.key,
        versions.payload,
        versions.is_tombstone,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['name', 'original_name', 'overview', 'tagline', 'homepage', 'original_language',
         'status', 'type', 'poster_path', 'backdrop_path', 'first_air_date',
         'last_air_date', 'in_production', 'adult', 'number_of_seasons',
         'number_of_episodes'],
        ['origin_country', 'languages', 'episode_run_time'],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,

    -- text
    {{ to_key('documents.name') }} as name,
    {{ to_key('documents.original_name') }} as original_name,
    {{ to_text('documents.overview') }} as overview,
    {{ to_text('documents.tagline') }} as tagline,
    {{ to_text('documents.homepage') }} as homepage,
    {{ to_text('documents.poster_path') }} as poster_path,
    {{ to_text('documents.backdrop_path') }} as backdrop_path,

    -- codes
    {{ to_text('documents.original_language') }} as original_language,
    {{ to_key('documents.status') }} as status,
    {{ to_text('documents.type') }} as type,
    {{ to_text_array('documents.origin_country', guard=to_key) }} as origin_countries,
    {{ to_text_array('documents.languages') }} as languages,

    -- booleans
    {{ to_boolean('documents.in_production') }} as is_in_production,
    {{ to_boolean('documents.adult') }} as is_adult,
    documents.is_tombstone as is_gone,

    -- measures
    {{ to_integer('documents.number_of_seasons') }} as stated_season_count,
    {{ to_integer('documents.number_of_episodes') }} as stated_episode_count,
    {{ to_integer_array('documents.episode_run_time') }} as episode_run_times,

    -- dates
    {{ to_date('documents.first_air_date') }} as first_air_date,
    {{ to_date('documents.last_air_date') }} as last_air_date,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['number_of_seasons', 'number_of_episodes'],
        booleans=['in_production', 'adult'],
        dates=['first_air_date', 'last_air_date'],
        keys=['name', 'original_name', 'status'],
        texts=[
            'overview', 'tagline', 'homepage', 'original_language', 'type', 'poster_path',
            'backdrop_path',
        ],
        arrays=['origin_country', 'languages', 'episode_run_time'],
    ) }} || {{ bad_lists(
        'documents.payload', ['networks', 'production_companies', 'genres', 'created_by', 'seasons']
    ) }} as _bad_fields

from documents
