with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_title_episode')) }}

),

documents as (

    select
        versions.key,
        versions.payload ->> 'parentTconst' as parent,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', ['seasonNumber', 'episodeNumber']) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.parent as imdb_id,
    documents.key as imdb_title_id,

    -- measures
    {{ to_integer('documents."seasonNumber"') }} as season_number,
    {{ to_integer('documents."episodeNumber"') }} as episode_number,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', integers=['"seasonNumber"', '"episodeNumber"']) }} as _bad_fields

from documents
