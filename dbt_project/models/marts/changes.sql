{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- depends_on: {{ ref('show_documents') }}
-- depends_on: {{ ref('hosted_images') }}
-- A view of the log that builds keep of themselves (docs/builds.md): nothing is written twice.
with

people as (

    select * from {{ ref('people') }}

),

fed as (

    select
        listed.model,
        listed.domain,
        listed.kind,
        listed.part
    from ({{ fed_changes() }}) as listed (model, domain, kind, part)

),

-- The log is imported once for each use: read twice, it would be made whole each time.
logged as (

    select * from {{ book('changes') }}

),

logged_copies as (

    select *
    from {{ book('changes') }}
    where model = 'hosted_images' and domain = 'receipt_key'

),

changes as (

    select
        fed.kind,
        fed.part,
        logged.key as entity_id,
        logged.model || '/' || logged.key as place,
        logged.changed_in as build_id
    from logged
    inner join fed -- drops what is not served
        on logged.model = fed.model and logged.domain = fed.domain
    union all
    -- a photo of a person's: the mirror knows them by TMDb's number
    select
        'person' as kind,
        'person' as part,
        people.person_id::text as entity_id,
        logged_copies.key as place,
        logged_copies.changed_in as build_id
    from logged_copies
    inner join people -- drops who is shown no more
        on people.tmdb_id = {{ receipt_number('logged_copies.key', 'person_photos/') }}

)

select
    -- ids
    changes.kind || '/' || changes.part || '/' || changes.place as change_id,
    changes.entity_id,
    changes.build_id,

    -- text
    json_build_object(
        'kind', changes.kind,
        'id', changes.entity_id,
        'part', changes.part,
        'build', changes.build_id
    )::text as document,

    -- codes
    changes.kind,
    changes.part
from changes
