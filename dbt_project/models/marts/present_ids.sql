{{ config(materialized='view') }}

with

aliases as (

    select * from {{ ref('aliases') }}

)

select
    -- ids
    aliases.alias_id,
    aliases.entity_id,

    -- codes
    aliases.entity_type
from aliases
