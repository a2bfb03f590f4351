{#-
    Who has which id. Documents claim ids of series and people (the source document's own key is the entity, what it
    says is the claim); ids that stand at one entity connect it with whatever else is known by them. What would join two
    series, or two people, of TMDb's is not applied: an id that several claim is given to none of them, and stands in
    `refused_ids`. `stg_reference__id_overrides` wins always. Nothing is ever joined by its name.

    What a claim is worth depends on who else claims the same id. So a build recomputes, besides what changed, whoever has
    or was refused an id that a changed entity claims or claimed (`add_claimants`), and reads for all of these the claims
    of whoever shares an id with them (`is_claimant`). Both are looked up where they stand, in the model's own table.
-#}

{#- Predicate: entities that changed, and those that share an id with them. -#}
{% macro is_claimant(column) -%}
{%- if is_incremental() -%}
{{ column }} = any (array(select changed.id from {{ showhouse.claimants_table() }} as changed))
{%- else -%}
true
{%- endif -%}
{%- endmacro %}

{% macro claimants_table() -%}
{{ ('claimants__' ~ model.name)[:63] }}
{%- endmacro %}

{#-
    Every claim of the claimants, and whether it is applied. An assigned id goes before any document, the more specific
    document before the other; an entity that is gone upstream yields its ids to one that is not. `entities` is a CTE of
    those that exist, with `is_gone`: what does not exist claims nothing.
-#}
{% macro judged_claims(kind, entities) -%}
select
    ranked.entity_id,
    ranked.source,
    ranked.external_id,
    ranked.strength = min(ranked.strength) over id
    and 1 = count(*) over (partition by ranked.source, ranked.external_id, ranked.strength) as is_applied
from (
    select
        claimed.entity_id,
        claimed.source,
        claimed.external_id,
        case
            when
                claimed.is_forbidden or claimed.precedence > min(claimed.precedence)
                    filter (where not claimed.is_forbidden)
                    over (partition by claimed.entity_id, claimed.source)
                then null
            when claimed.precedence = 0 then 0
            when claimed.is_gone then 2
            else 1
        end as strength
    from (
        select
            claims.entity_id,
            claims.source,
            claims.external_id,
            min(claims.precedence) as precedence,
            bool_or(claims.precedence = 3) as is_forbidden,
            bool_or(entities.is_gone) as is_gone
        from (
            {{ showhouse.documented_claims(kind, is_claimant('document.' ~ kind ~ '_id'), entities) }}
            union all
            select
                overrides.entity_id,
                overrides.source,
                overrides.external_id,
                case when overrides.is_assigned then 0 else 3 end as precedence
            from {{ ref('stg_reference__id_overrides') }} as overrides
            where {{ is_claimant('overrides.entity_id') }}
        ) as claims
        inner join {{ entities }} as entities -- drops claims of what does not exist
            on claims.entity_id = entities.{{ kind }}_id
        group by claims.entity_id, claims.source, claims.external_id
        having min(claims.precedence) < 3 -- drops what is forbidden and claimed by nobody
    ) as claimed
) as ranked
window id as (partition by ranked.source, ranked.external_id)
{%- endmacro %}

{#- The claims of each entity in one row: a column for each source, and what it was refused. -#}
{% macro given_ids(kind, entities) -%}
select
    judged.entity_id as {{ kind }}_id,
    {%- for source, column in showhouse.identity_sources(kind).items() %}
    min(judged.external_id) filter (where judged.source = '{{ source }}' and judged.is_applied) as {{ column }},
    {%- endfor %}
    array_agg(judged.source || ':' || judged.external_id order by judged.source, judged.external_id)
        filter (where judged.is_applied is not true) as refused_ids
from ({{ judged_claims(kind, entities) }}) as judged
group by judged.entity_id
{%- endmacro %}

{#- Documents of people who changed, and of those who share an id with them; without those of whom TMDb's id is to be forgotten. -#}
{% macro known_people() -%}
select documents.*
from {{ ref('stg_tmdb__people') }} as documents
cross join ({{ showhouse.forgotten_people() }}) as forgotten -- one row
where {{ is_claimant('documents.person_id') }} and not documents.person_id = any(forgotten.person_ids)
{%- endmacro %}
