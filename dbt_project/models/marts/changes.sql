{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- depends_on: {{ ref('show_documents') }}
-- A view of the log that builds keep of themselves (docs/builds.md): nothing is written twice.
with

fed as (

    select
        listed.model,
        listed.domain,
        listed.kind,
        listed.part
    from ({{ fed_changes() }}) as listed (model, domain, kind, part)

),

changes as (

    select
        fed.kind,
        fed.part,
        log.key as entity_id,
        log.changed_in as build_id
    from {{ book('changes') }} as log
    inner join fed on log.model = fed.model and log.domain = fed.domain -- drops what is not served

)

select
    -- ids
    changes.kind || '/' || changes.entity_id || '/' || changes.part as change_id,
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
