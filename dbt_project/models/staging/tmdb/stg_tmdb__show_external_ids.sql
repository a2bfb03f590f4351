with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_external_ids')) }}

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
        ['imdb_id', 'wikidata_id', 'facebook_id', 'instagram_id', 'twitter_id', 'tvdb_id',
         'tvrage_id'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('documents.key') }} as show_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,
    case when documents.imdb_id ~ '^tt[0-9]{7,10}$' then documents.imdb_id end as imdb_id,
    {{ to_integer('documents.tvdb_id') }} as tvdb_id,
    {{ to_integer('documents.tvrage_id') }} as tvrage_id,
    case
        when documents.wikidata_id ~ '^Q[0-9]{1,12}$' then documents.wikidata_id
    end as wikidata_id,
    {{ to_text('documents.facebook_id') }} as facebook_id,
    {{ to_text('documents.instagram_id') }} as instagram_id,
    {{ to_text('documents.twitter_id') }} as twitter_id,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['tvdb_id', 'tvrage_id'],
        texts=['facebook_id', 'instagram_id', 'twitter_id'],
    ) }} as _bad_fields

from documents
