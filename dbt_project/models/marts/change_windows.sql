{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- depends_on: {{ ref('show_documents') }}
with

fed as (

    select listed.model
    from ({{ fed_changes() }}) as listed (model, domain, kind, part)

),

builds as (

    select
        coalesce(
            min(builds.build_id) filter (
                where builds.finished_at is null and builds.taken_over_at is null
            ) - 1,
            max(builds.build_id)
        ) as complete_until
    from {{ book('builds') }} as builds

),

forgotten as (

    select max(watermarks.full_build_id) as complete_since
    from {{ book('watermarks') }} as watermarks
    inner join fed on watermarks.model = fed.model -- drops what is not served

)

select
    -- ids
    coalesce(forgotten.complete_since, 0) as complete_since,
    coalesce(builds.complete_until, 0) as complete_until
from builds
cross join forgotten
