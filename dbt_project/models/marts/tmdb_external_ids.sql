{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- What is claimed is imported once for each use: read twice, it would be made whole each time.
with

claims_of_shows as (

    select * from {{ ref('external_ids') }} where entity_type = 'show' and source <> 'tmdb'

),

shows as (

    select * from {{ ref('shows') }}

),

claims_of_people as (

    select * from {{ ref('external_ids') }} where entity_type = 'person' and source <> 'tmdb'

),

people as (

    select * from {{ ref('people') }}

),

claims as (

    select
        claims_of_shows.external_id,
        'tmdb_tv_details' as resource,
        shows.tmdb_id,
        claims_of_shows.source
    from claims_of_shows
    inner join shows on claims_of_shows.entity_id = shows.show_id -- 1:1
    union all
    select
        claims_of_people.external_id,
        'tmdb_person_details' as resource,
        people.tmdb_id,
        claims_of_people.source
    from claims_of_people
    inner join people on claims_of_people.entity_id = people.person_id -- 1:1

)

select
    -- ids
    claims.external_id,
    claims.resource,
    claims.tmdb_id::text as document_key,

    -- codes
    claims.source || '_id' as external_source
from claims
where claims.tmdb_id is not null
