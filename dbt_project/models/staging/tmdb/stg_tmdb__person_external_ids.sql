with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_person_external_ids')) }}

),

documents as (

    select
        versions.key,
        versions.payload ->> 'imdb_id' as claimed_imdb_id,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['imdb_id', 'tvrage_id', 'wikidata_id', 'facebook_id', 'instagram_id', 'tiktok_id',
         'twitter_id', 'youtube_id'],
    ) }}

)

select
    -- ids
    {{ person_id_of_key('documents.key') }} as person_id,
    {{ to_integer("split_part(documents.key, '/', 1)") }} as tmdb_id,
    case when documents.imdb_id ~ '^nm[0-9]{7,10}$' then documents.imdb_id end as imdb_id,
    documents.claimed_imdb_id,
    {{ to_integer('documents.tvrage_id') }} as tvrage_id,
    case
        when documents.wikidata_id ~ '^Q[0-9]{1,12}$' then documents.wikidata_id
    end as wikidata_id,
    {{ to_text('documents.facebook_id') }} as facebook_id,
    {{ to_text('documents.instagram_id') }} as instagram_id,
    {{ to_text('documents.tiktok_id') }} as tiktok_id,
    {{ to_text('documents.twitter_id') }} as twitter_id,
    {{ to_text('documents.youtube_id') }} as youtube_id,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        integers=['tvrage_id'],
        texts=['facebook_id', 'instagram_id', 'tiktok_id', 'twitter_id', 'youtube_id'],
    ) }} as _bad_fields

from documents
