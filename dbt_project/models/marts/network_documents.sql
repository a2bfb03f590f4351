{{ config(
    unique_key='network_id',
    indexes=[{'columns': ['network_id'], 'unique': true}, {'columns': ['name', 'network_id']}],
    meta={'replace_by': 'network_id', 'through': {'show_details': 'show_networks'}},
) }}

with

networks as (

    select * from {{ ref('networks') }} where {{ is_changed('network_id') }}

),

show_networks as (

    select * from {{ ref('show_networks') }} where {{ is_changed('network_id') }}

),

shows as (

    select * from {{ ref('show_details') }}

),

counts as (

    select
        show_networks.network_id,
        count(*)::integer as show_count,
        (count(*) filter (where shows.status = 'Active'))::integer as active_show_count
    from show_networks
    inner join shows on show_networks.show_id = shows.show_id -- every link's show stands there
    where not shows.is_adult
    group by show_networks.network_id

),

documents as (

    select
        networks.network_id,
        networks.name,
        networks.origin_country,
        coalesce(counts.show_count, 0) as show_count,
        json_build_object(
            'id', networks.network_id,
            'name', networks.name,
            'origin_country', networks.origin_country,
            'tmdb_logo_path', networks.logo_path,
            {{ hosted_logo_members('networks') }},
            'show_count', coalesce(counts.show_count, 0),
            'active_show_count', coalesce(counts.active_show_count, 0)
        )::text as document
    from networks
    left join counts on networks.network_id = counts.network_id -- 1:1

)

select
    -- ids
    documents.network_id,

    -- text
    documents.name,
    documents.document,
    md5(documents.document) as etag,

    -- codes
    documents.origin_country,

    -- measures
    documents.show_count
from documents
