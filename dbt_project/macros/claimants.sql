{#- Part of `collect_changed_parents`, for a model with `meta.identity`: see `claims.sql`. -#}

{#-
    Adds to the changed entities whoever has, or was refused, an id that these claim or claimed; then notes those who share
    an id with any of them. An IMDb id that anybody claims concerns the show, or the person, that it would be by itself.
-#}
{% macro add_claimants(everything) -%}
{%- set changed, kind = showhouse.changed_table(), model.config.meta.identity -%}
{%- if not everything %}
    insert into {{ changed }}
    with touched as ({{ showhouse.touched_ids(changed, kind) }})
    select found.id
    from (
        {{ showhouse.standing_with('touched', kind) }}
        union
        select {{ showhouse.entity_id("'imdb:' || touched.external_id") }}
        from touched
        where touched.source = 'imdb'
    ) as found (id)
    where found.id not in (select known.id from {{ changed }} as known);
{%- endif %}
    create temporary table {{ showhouse.claimants_table() }} on commit drop as
    select changed.id from {{ changed }} as changed
{%- if not everything %}
    union
    select found.id
    from (
        with touched as ({{ showhouse.touched_ids(changed, kind) }})
        {{ showhouse.standing_with('touched', kind) }}
    ) as found (id)
{%- endif %};
    analyze {{ showhouse.claimants_table() }};
{%- endmacro %}

{#- The ids that entities claim, or stood with: given and refused ones. -#}
{% macro touched_ids(changed, kind) -%}
select given.source, given.external_id
from {{ this }} as held
cross join lateral (values
    {%- for source, column in showhouse.identity_sources(kind).items() %}
    ('{{ source }}', held.{{ column }}::text){{ ',' if not loop.last }}
    {%- endfor %}
) as given (source, external_id)
where held.{{ kind }}_id in (select id from {{ changed }}) and given.external_id is not null
union
select split_part(refused.id, ':', 1), substring(refused.id from position(':' in refused.id) + 1)
from {{ this }} as held
cross join lateral unnest(held.refused_ids) as refused (id)
where held.{{ kind }}_id in (select id from {{ changed }})
union
select claims.source, claims.external_id
from ({{ showhouse.documented_claims(kind, is_changed('document.' ~ kind ~ '_id')) }}) as claims
union
select overrides.source, overrides.external_id
from {{ ref('stg_reference__id_overrides') }} as overrides
where {{ is_changed('overrides.entity_id') }}
{%- if kind == 'show' %}
union
select 'imdb', split_part(tracked.natural_key, ':', 2)
from {{ ref('stg_showhouse__tracked_shows') }} as tracked
where {{ is_changed('tracked.show_id') }} and starts_with(tracked.natural_key, 'imdb:')
{%- else %}
union
select 'imdb', mentions.imdb_person_id
from {{ ref('int_people__mentioned') }} as mentions
where {{ is_changed('mentions.person_id') }} and mentions.imdb_person_id is not null
{%- endif %}
{%- endmacro %}

{% macro standing_with(touched, kind) -%}
{%- for source, column in showhouse.identity_sources(kind).items() %}
select other.{{ kind }}_id
from {{ touched }} as touched
inner join {{ this }} as other -- whoever has it
    on other.{{ column }} = {{ 'touched.external_id' if column in ('imdb_id', 'wikidata_id') else to_integer('touched.external_id') }}
where touched.source = '{{ source }}'
union
{%- endfor %}
select other.{{ kind }}_id
from {{ touched }} as touched
inner join {{ this }} as other -- whoever was refused it
    on other.refused_ids @> array[touched.source || ':' || touched.external_id]
{%- endmacro %}
