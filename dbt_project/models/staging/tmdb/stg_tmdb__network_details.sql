with

versions as (

    select * from {{ last_known_at_horizon(source('tmdb', 'tmdb_network_details')) }}

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
        ['name', 'logo_path', 'headquarters', 'homepage', 'origin_country'],
    ) }}

)

select
    -- ids
    {{ to_integer("split_part(documents.key, '/', 1)") }} as network_id,

    -- text
    {{ to_key('documents.name') }} as name,
    {{ to_text('documents.headquarters') }} as headquarters,
    {{ to_text('documents.homepage') }} as homepage,
    {{ to_text('documents.logo_path') }} as logo_path,

    -- codes
    {{ to_text('documents.origin_country') }} as origin_country,

    -- booleans
    documents.is_tombstone as is_gone,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id,
    {{ bad_fields(
        'documents',
        keys=['name'],
        texts=['headquarters', 'homepage', 'logo_path', 'origin_country'],
    ) }} as _bad_fields

from documents
