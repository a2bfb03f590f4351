with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_watch_providers')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['results']) }}

),

regions as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        entry.key as region,
        nested.*
    from documents
    cross join lateral {{ entries('documents.results') }}
    cross join lateral {{ nested_record(
        'entry.value', ['link'], ['flatrate', 'free', 'ads', 'rent', 'buy'],
    ) }}

),

elements as (

    select
        regions.key,
        regions.fetched_at,
        regions.load_id,
        regions.region,
        regions.link,
        offer.offer_type,
        element.*
    from regions
    cross join
        lateral (
            values
            ('flatrate', regions.flatrate),
            ('free', regions.free),
            ('ads', regions.ads),
            ('rent', regions.rent),
            ('buy', regions.buy)
        ) as offer (offer_type, providers)
    cross join lateral {{ records(
        'offer.providers', ['provider_id', 'provider_name', 'logo_path', 'display_priority'],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,
    {{ to_integer('elements.provider_id') }} as provider_id,

    -- text
    {{ to_text('elements.provider_name') }} as provider_name,
    {{ to_text('elements.logo_path') }} as logo_path,
    {{ to_text('elements.link') }} as link,

    -- codes
    {{ to_key('elements.region') }} as region,
    elements.offer_type,

    -- measures
    {{ to_integer('elements.display_priority') }} as display_priority,
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['provider_id', 'display_priority'],
        keys=['region'],
        texts=['provider_name', 'logo_path', 'link'],
    ) }} as _bad_fields

from elements
