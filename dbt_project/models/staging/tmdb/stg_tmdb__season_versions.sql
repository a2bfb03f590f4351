with

versions as (

    select * from {{ history_at_horizon(source('tmdb', 'tmdb_tv_seasons')) }}

)

select
    -- ids
    {{ show_id_of_key('versions.key') }} as show_id,
    {{ to_integer("split_part(versions.key, '/', 1)") }} as tmdb_id,

    -- booleans
    versions.is_tombstone as is_gone,

    -- measures
    {{ to_integer("split_part(versions.key, '/', 3)") }} as season_number,

    -- metadata
    versions.fetched_at,
    versions.load_id as _load_id

from versions
