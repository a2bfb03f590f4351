{{ config(materialized='view') }}

-- What is wanted of these is a setting of whoever runs the mirror, and no fact of the warehouse: it
-- filters, and counts ranks, when it runs.
with

images as (

    select * from {{ ref('images') }} where mirror_kind || mirror_owner is not null

)

select
    -- ids
    images.mirror_owner as owner_id,

    -- text
    images.file_path,
    images.hosted_key,

    -- codes
    images.mirror_kind as kind,
    images.source,
    images.language,

    -- measures
    images.rank
from images
