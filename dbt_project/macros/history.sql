{#-
    History outlives the payloads that told it: what stands in a history table of versions that were purged since
    is kept, in a full build as well. Nothing else is read back, so that the rest stays a function of raw.
-#}

{#- A version says something else than the one before it. -#}
{% macro is_news(version, columns) -%}
({{ version }}.{{ columns | join(', ' ~ version ~ '.') }}) is distinct from (
    {%- for column in columns %}
    lag({{ version }}.{{ column }}) over (partition by {{ version }}.show_id order by {{ version }}._load_id)
    {{- ',' if not loop.last }}
    {%- endfor %}
)
{%- endmacro %}

{#- Of two answers of one instant the later holds: several writers may land the same part at once. -#}
{% macro last_of_each_instant(versions) -%}
(select distinct on (show_id, fetched_at) * from {{ versions }} order by show_id, fetched_at, _load_id desc)
{%- endmacro %}

{#-
    The stays of a history, those of purged versions included: `versions` (show_id, is_gone, purged_at, fetched_at,
    _load_id) and `stays` name relations of the model, `columns` what identifies a stay beside show_id and
    first_seen_at. A kept stay ends where the answers that are left begin; one that they go on with is joined to it.
    Where none is left, it ends when the last was purged.
-#}
{% macro stays_through_purge(versions, stays, columns) -%}
with

remembered as (

    select
        show_id,
        min(fetched_at) filter (where _load_id > last_purged and not is_gone) as since,
        max(purged_at) as purged_at
    from (
        select
            show_id,
            is_gone,
            purged_at,
            fetched_at,
            _load_id,
            max(_load_id) filter (where purged_at is not null) over (partition by show_id) as last_purged
        from {{ versions }}
    ) as versions
    where last_purged is not null
    group by show_id

),

kept as (

    select
        standing.show_id,
        {%- for column in columns %}
        standing.{{ column }},
        {%- endfor %}
        standing.first_seen_at,
        least(standing.last_seen_at, coalesce(remembered.since, remembered.purged_at)) as last_seen_at
    from ({{ showhouse.standing_rows(stays, columns) }}) as standing
    inner join remembered
        on
            standing.show_id = remembered.show_id
            and standing.first_seen_at < coalesce(remembered.since, 'infinity')

)

select
    told.show_id,
    {%- for column in columns %}
    told.{{ column }},
    {%- endfor %}
    coalesce(kept.first_seen_at, told.first_seen_at) as first_seen_at,
    told.last_seen_at
from {{ stays }} as told
left join remembered on told.show_id = remembered.show_id
left join kept on {{ showhouse.goes_on('kept', 'told', columns) }}
where remembered.show_id is null or told.first_seen_at >= remembered.since
union all
select kept.*
from kept
where not exists (select from {{ stays }} as told where {{ showhouse.goes_on('kept', 'told', columns) }})
{%- endmacro %}

{% macro goes_on(kept, told, columns) -%}
{{ kept }}.show_id = {{ told }}.show_id and {{ kept }}.last_seen_at = {{ told }}.first_seen_at
{%- for column in columns %}
    and {{ kept }}.{{ column }} is not distinct from {{ told }}.{{ column }}
{%- endfor %}
{%- endmacro %}

{#-
    What stands in the model's own table; `fingerprint` passes over it, since a first build has none. A table that
    older code built may lack a column: what it kept does not say that.
-#}
{% macro standing_rows(stays, columns) -%}
/* standing */
{%- set standing = load_relation(this) if execute and this else none %}
{%- set held = adapter.get_columns_in_relation(standing) | map(attribute='name') | list if standing else columns %}
select
    show_id,
    {%- for column in columns %}
    {{ column if column in held else '(select typed.' ~ column ~ ' from ' ~ stays ~ ' as typed where false)' }} as {{ column }},
    {%- endfor %}
    first_seen_at,
    last_seen_at
{% if standing -%}
from {{ this }} where {{ showhouse.is_changed('show_id') }}
{%- else -%}
from {{ stays }} where false
{%- endif %}
/* so far */
{%- endmacro %}
