{#- By kind of entity: the ids that are identities, with their column. Accounts are none: a family of shows may share one. -#}
{% macro identity_sources(kind) -%}
{{ return({
    'show': {'imdb': 'imdb_id', 'tvdb': 'tvdb_id', 'tvrage': 'tvrage_id', 'wikidata': 'wikidata_id'},
    'person': {'imdb': 'imdb_id', 'wikidata': 'wikidata_id'},
}[kind]) }}
{%- endmacro %}

{#- What documents claim, one row per entity, document and source: the lower the precedence, the more specific. -#}
{% macro documented_claims(kind, condition, people=none) -%}
{%- if kind == 'show' -%}
{{ showhouse.ids_as_claims(ref('stg_tmdb__show_external_ids'), kind, showhouse.identity_sources(kind), 1, condition) }}
{%- else -%}
{{ showhouse.ids_as_claims(people or ref('stg_tmdb__people'), kind, {'imdb': 'imdb_id'}, 1, condition) }}
union all
{{ showhouse.ids_as_claims(ref('stg_tmdb__person_external_ids'), kind, showhouse.identity_sources(kind), 2, condition) }}
{%- endif -%}
{%- endmacro %}

{% macro ids_as_claims(relation, kind, columns, precedence, condition) -%}
select
    document.{{ kind }}_id as entity_id,
    claim.source,
    claim.external_id,
    {{ precedence }} as precedence
from {{ relation }} as document
cross join lateral (values
    {%- for source, column in columns.items() %}
    ('{{ source }}', document.{{ column }}::text){{ ',' if not loop.last }}
    {%- endfor %}
) as claim (source, external_id)
where {{ condition }} and claim.external_id <> '0'
{%- endmacro %}
