{#- Whose value a merged column has: of the first source, in the order given, that told one. -#}
{% macro told_by(values) -%}
case
    {%- for source, value in values.items() %}
    when {{ value }} is not null then '{{ source }}'
    {%- endfor %}
end
{%- endmacro %}

{#- The same of the merged columns of `shows`, over its CTEs. -#}
{% macro sources_of_show() -%}
{{ showhouse.told_by({
    'tmdb': 'coalesce(details.name, details.original_name)', 'imdb': 'identities.imdb_title'
}) }} as name_source,
{{ showhouse.told_by({'tmdb': 'details.overview', 'imdb': 'identities.imdb_description'}) }} as description_source,
{{ showhouse.told_by({
    'tmdb': "nullif(lists.genres, '{}')", 'imdb': "nullif(identities.own_genres, '{}')"
}) }} as genres_source
{%- endmacro %}

{#- The documents that claim the id which a row of `id_conflicts` is about; each is looked up, there are few such rows. -#}
{% macro evidence_of_claim(relation) -%}
case
    when {{ relation }}.entity_type = 'show' then array['tmdb_tv_external_ids']
    else array_remove(array[
        case when {{ relation }}.source = 'imdb' and (
            select document.imdb_id from {{ ref('stg_tmdb__people') }} as document
            where document.person_id = {{ relation }}.entity_id
        ) = {{ relation }}.external_id then 'tmdb_person_details' end,
        case when {{ relation }}.external_id in (
            select unnest(array[document.imdb_id, document.wikidata_id])
            from {{ ref('stg_tmdb__person_external_ids') }} as document
            where document.person_id = {{ relation }}.entity_id
        ) then 'tmdb_person_external_ids' end
    ], null)
end
{%- endmacro %}

{#- The documents that claim an id which a row of `external_ids` shows; without a resource, the row itself knows. -#}
{% macro evidence_of_given(kind, resource) -%}
{%- if resource -%}
array['{{ resource }}']
{%- elif kind == 'person' -%}
held.imdb_id_evidence
{%- else -%}
array[case when held.tmdb_id is null then 'imdb_title_basics' else 'tmdb_tv_external_ids' end]
{%- endif -%}
{%- endmacro %}

{#- Who of TMDb's has which id, of series and people; the ids that are identities. -#}
{% macro standing_ids() -%}
{%- for kind, table in {'show': 'shows', 'person': 'people'}.items() %}
select
    held.{{ kind }}_id as entity_id,
    '{{ kind }}' as entity_type,
    standing.source,
    standing.external_id
from {{ ref(table) }} as held
cross join lateral (values
    {%- for source, column in showhouse.identity_sources(kind).items() %}
    ('{{ source }}', held.{{ column }}::text){{ ',' if not loop.last }}
    {%- endfor %}
) as standing (source, external_id)
where held.tmdb_id is not null and standing.external_id is not null
{{ 'union all' if not loop.last }}
{%- endfor %}
{%- endmacro %}
