{#-
    One id that upstream gives to two series. The series whose show_id comes first has it; at the other one the thing
    stands under an id made of the series, and says in `disputed_<id column>` what it was called. That is a rule
    and no judgement: nobody can tell which series is right, and any order of landings has to end the same way.

    A series that comes to an id, or leaves it, decides for others that did not change. They are found where they
    stand: who has an id that a changed series claims now, and who lost one that a changed series had.
-#}
{% macro add_disputants() -%}
{%- set changed = showhouse.changed_table() -%}
{%- set key = model.config.unique_key -%}
{%- set column, views = (model.config.meta.disputed.items() | list)[0] -%}
    insert into {{ changed }}
    select other.show_id
    from {{ this }} as other
    inner join (
        {%- for view in views %}
        select {{ showhouse.disputed_id(column, 'claims.' ~ column) }} as id
        from {{ ref(view) }} as claims
        where claims.show_id = any (array(select changed.id from {{ changed }} as changed))
        {{ 'union' if not loop.last }}
        {%- endfor %}
    ) as claimed on other.{{ key }} = claimed.id
    where other.show_id not in (select changed.id from {{ changed }} as changed)
    union
    select other.show_id
    from {{ this }} as other
    inner join {{ this }} as holder on other.disputed_{{ column }} = holder.{{ column }}
    where
        holder.show_id = any (array(select changed.id from {{ changed }} as changed))
        and other.show_id not in (select changed.id from {{ changed }} as changed);
{%- endmacro %}

{#- The id of ours that an id of TMDb's gives: `tmdb_season_id` is that of `tmdb:season:ID`. -#}
{% macro disputed_id(column, value) -%}
{{ showhouse.entity_id("'tmdb:" ~ column.split('_')[1] ~ ":' || " ~ value) }}
{%- endmacro %}

{#- Whether a series that did not change has the id, and comes first; `fingerprint` passes over it. -#}
{% macro is_held_elsewhere(id, show_id) -%}
/* standing */
{%- if is_incremental() %}
exists (
    select from {{ this }} as elsewhere
    where
        elsewhere.{{ model.config.unique_key }} = {{ id }}
        and elsewhere.show_id < {{ show_id }}
        and elsewhere.show_id not in (select changed.id from {{ showhouse.changed_table() }} as changed)
)
{%- else %}
false
{%- endif %}
/* so far */
{%- endmacro %}

{#- An id that stands at two seasons belongs to the first series, and there to the lower number. -#}
{% macro identified_seasons(merged) -%}
select
    claimed.*,
    case
        when claimed.claim_number = 1 and not claimed.is_held_elsewhere then claimed.tmdb_season_id
    end as own_tmdb_season_id,
    case
        when claimed.holder_show_id <> claimed.show_id or claimed.is_held_elsewhere then claimed.tmdb_season_id
    end as disputed_tmdb_season_id
from (
    select
        seasons.*,
        row_number() over id as claim_number,
        first_value(seasons.show_id) over id as holder_show_id,
        {{ is_held_elsewhere(disputed_id('tmdb_season_id', 'seasons.tmdb_season_id'), 'seasons.show_id') }}
            as is_held_elsewhere
    from {{ merged }} as seasons
    window id as (partition by seasons.tmdb_season_id order by seasons.show_id, seasons.season_number)
) as claimed
{%- endmacro %}
