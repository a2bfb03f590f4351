with

versions as (

    select * from {{ last_known_at_horizon(source('tmdb', 'tmdb_company_details')) }}

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
        ['name', 'logo_path', 'headquarters', 'homepage', 'origin_country', 'description'],
        ['parent_company'],
    ) }}

),

owned as (

    select
        documents.*,
        nested.id as parent_id,
        nested.name as parent_name
    from documents
    cross join lateral {{ nested_record('documents.parent_company', ['id', 'name']) }}

)

select
    -- ids
    {{ to_integer("split_part(owned.key, '/', 1)") }} as production_company_id,
    -- an id alone, or the company in brief
    coalesce(
        {{ to_integer('owned.parent_id') }}, {{ to_integer('owned.parent_company::text') }}
    ) as parent_production_company_id,

    -- text
    {{ to_text('owned.name') }} as name,
    {{ to_text('owned.description') }} as description,
    {{ to_text('owned.headquarters') }} as headquarters,
    {{ to_text('owned.homepage') }} as homepage,
    {{ to_text('owned.logo_path') }} as logo_path,
    {{ to_text('owned.parent_name') }} as parent_name,

    -- codes
    {{ to_text('owned.origin_country') }} as origin_country,

    -- booleans
    owned.is_tombstone as is_gone,

    -- metadata
    owned.fetched_at,
    owned.load_id as _load_id,
    {{ bad_fields(
        'owned',
        texts=['name', 'description', 'headquarters', 'homepage', 'logo_path', 'origin_country'],
    ) }} as _bad_fields

from owned
