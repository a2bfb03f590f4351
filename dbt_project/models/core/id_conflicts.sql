{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- A view of what the rows of series and people say they were refused, which is next to nothing.
{% set kinds = {'show': 'shows', 'person': 'people'} %}

with

overrides as (

    select * from {{ ref('stg_reference__id_overrides') }}

),

refused as (

    {% for kind, table in kinds.items() %}
        select
            held.{{ kind }}_id as entity_id,
            '{{ kind }}' as entity_type,
            held.is_active,
            split_part(claim.id, ':', 1) as source,
            substring(claim.id from position(':' in claim.id) + 1) as external_id
        from {{ ref(table) }} as held
        cross join lateral unnest(held.refused_ids) as claim (id)
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- who has such an id, and what such an entity has instead
given as (

    {{ standing_ids() }}

)

select
    -- ids
    refused.entity_id,
    refused.external_id,
    holders.entity_id as holder_id,
    array(
        select others.entity_id
        from refused as others
        where
            others.entity_type = refused.entity_type
            and others.source = refused.source
            and others.external_id = refused.external_id
            and others.entity_id <> refused.entity_id
        order by others.entity_id
    ) as other_claimant_ids,
    own.external_id as own_external_id,

    -- codes
    refused.entity_type,
    refused.source,
    case
        when overrides.entity_id is not null then 'forbidden'
        when own.external_id is not null then 'contradicted'
        when assigned.entity_id is not null then 'assigned_elsewhere'
        when holders.entity_id is not null then 'gone_upstream'
        else 'claimed_by_several'
    end as reason,
    {{ evidence_of_claim('refused') }} as evidence
from refused
left join overrides -- 1:1
    on
        refused.entity_id = overrides.entity_id
        and refused.source = overrides.source
        and refused.external_id = overrides.external_id
        and not overrides.is_assigned
left join overrides as assigned -- 1:1
    on
        refused.source = assigned.source
        and refused.external_id = assigned.external_id
        and refused.entity_id <> assigned.entity_id
        and assigned.is_assigned
left join given as holders -- 1:1
    on
        refused.entity_type = holders.entity_type
        and refused.source = holders.source
        and refused.external_id = holders.external_id
left join given as own -- 1:1
    on refused.entity_id = own.entity_id and refused.source = own.source
