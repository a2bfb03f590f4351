{{ config(materialized='view') }}

with

image_candidates as (

    select * from {{ ref('image_candidates') }}
    where kind in ('networks', 'production_companies', 'watch_providers')

)

select
    -- ids
    image_candidates.owner_id::bigint as owner_id,

    -- text
    image_candidates.file_path,

    -- codes
    image_candidates.kind,
    image_candidates.source
from image_candidates
where image_candidates.hosted_key is null
