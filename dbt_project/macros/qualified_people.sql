{#- Who counts as a reality star, and what is told of one: the rules of `qualified_people`. -#}

{#- `SKIP`: the show is ignored; a number; `Y`: none; anything else, and a show that is not listed: the default. -#}
{% macro cast_minimum(override) -%}
case
    when upper({{ override }}) = 'SKIP' then null
    when upper({{ override }}) = 'Y' then 0
    when {{ override }} ~ '^[0-9]{1,4}$' then {{ override }}::integer
    else {{ var('cast_minimum_episode_count') }}
end
{%- endmacro %}

{#-
    Reads `roles` and `seen` of `show_appearances`. Counted are the episodes as themselves that TMDb states, or those that
    list the person where they are more: many episodes list no cast, and TMDb does not know all that IMDb credits.
    Null where neither tells.
-#}
{% macro self_episode_count() -%}
nullif(greatest(roles.stated_self_episode_count, seen.self_episode_count), 0)
{%- endmacro %}

{#- Reads `shows` as well. Unknown counts as none. -#}
{% macro is_cast_as_self() -%}
(coalesce(roles.is_seen_as_self, false) or coalesce(seen.is_seen_as_self, false))
and coalesce(
    coalesce({{ self_episode_count() }}, 0) >= shows.minimum_episode_count,
    false
)
{%- endmacro %}

{#- Which of the rules somebody meets, from the most seasons and episodes in any one show, null where unknown. -#}
{% macro qualifications(gathered) -%}
array_remove(array[
    case when {{ gathered }}.show_count >= {{ var('qualified_show_count') }} then 'shows' end,
    case when {{ gathered }}.most_seasons >= {{ var('qualified_season_count') }} then 'seasons' end,
    case when {{ gathered }}.most_episodes >= {{ var('qualified_episode_count') }} then 'episodes' end
], null)
{%- endmacro %}

{#- What else `people` are called: as TMDb lists it, in the original, at IMDb; each once, without the name itself. -#}
{% macro alternative_names() -%}
array(
    select other.name
    from unnest(people.also_known_as || array[people.original_name, people.imdb_name])
        with ordinality as other (name, position)
    where other.name is not null and lower(other.name) is distinct from lower(people.name)
    group by other.name
    order by min(other.position)
)
{%- endmacro %}

{% macro guest_order() -%}
appearances.billing_order nulls last, people.name, people.person_id
{%- endmacro %}

{#- What an episode of the talk show is called, by how many of its guests are qualified people. -#}
{% macro guest_classification(qualified, guests) -%}
case
    when {{ qualified }} >= 2 then 'REALITEASE'
    when {{ qualified }} = 1 and {{ guests }} = 1 then 'SOLO'
    when {{ qualified }} = 1 then 'ALMOST'
    else 'NONE'
end
{%- endmacro %}
