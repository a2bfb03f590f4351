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
        ['networks'],
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
        'documents.networks',
        ['id', 'name', 'logo_path', 'origin_country'],
        [],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.id') }} as network_id,

    -- text
    {{ to_key('elements.name') }} as name,
    {{ to_text('elements.logo_path') }} as logo_path,

    -- codes
    {{ to_text('elements.origin_country') }} as origin_country,

    -- measures
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements', integers=['id'], keys=['name'], texts=['logo_path', 'origin_country'],
    ) }} as _bad_fields

from elements
