with

versions as (

    select * from {{ at_horizon(source('imdb', 'imdb_title_akas')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['ordering', 'title', 'region',
         'language', 'types', 'attributes', 'isOriginalTitle'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    {{ imdb_entity_id("split_part(documents.key, '/', 1)") }} as title_id,
    split_part(documents.key, '/', 1) as imdb_title_id,

    -- text
    {{ to_text('documents.title') }} as title,
    {{ to_text('documents.attributes') }} as attributes,

    -- codes
    {{ to_text('documents.region') }} as region,
    {{ to_text('documents.language') }} as language,
    {{ to_text('documents.types') }} as title_type,

    -- booleans
    case documents."isOriginalTitle"
        when '1' then true when '0' then false
    end as is_original_title,

    -- measures
    {{ to_integer('documents.ordering') }} as position,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields('documents', integers=['ordering'], texts=['title']) }} as _bad_fields

from documents
