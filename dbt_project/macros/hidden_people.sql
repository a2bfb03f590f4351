{#- Documents without the people who are not to be shown: cut out of the lists that name them. -#}

{#-
    Who is not to be shown, by TMDb's id: those who asked by it, and those whose documents claim a name of IMDb's that somebody
    asked by. Few asked; each claim is looked up by index.
-#}
{% macro hidden_people() -%}
select suppressed.tmdb_person_id
from {{ ref('stg_showhouse__suppressed_people') }} as suppressed
where suppressed.is_suppressed and suppressed.tmdb_person_id is not null
{%- for claiming in ('stg_tmdb__people', 'stg_tmdb__person_external_ids') %}
union
select claims.tmdb_id
from {{ ref(claiming) }} as claims
where claims.claimed_imdb_id = any (array(
    select named.imdb_id
    from {{ ref('stg_showhouse__suppressed_people') }} as suppressed
    cross join lateral unnest(suppressed.imdb_person_ids) as named (imdb_id)
    where suppressed.is_suppressed
))
{%- endfor %}
{%- endmacro %}

{#-
    The payload of `answers` without the people in `hidden` (`{"ids": …}`: numbers and text) and without those known
    for adult films, whatever its resource; it is the very payload where nobody is left out.
-#}
{% macro without_hidden_people(answers, hidden) -%}
{%- set payload = answers ~ '.payload' -%}
case {{ answers }}.resource
    {%- for resource, lists in showhouse.answered_resources().items() if lists %}
    {%- if lists[0].startswith('episodes[].') %}
    when '{{ resource }}' then case
        when jsonb_path_exists({{ payload }}, '$.episodes[*].* ? ({{ showhouse.is_hidden() }})', {{ hidden }})
            then jsonb_set({{ payload }}, '{episodes}', (
                select jsonb_agg(
                    case jsonb_typeof(episode.document)
                        when 'object' then {{ showhouse.without_hidden('episode.document', lists, hidden) }}
                        else episode.document
                    end
                    order by episode.position
                )
                from jsonb_path_query({{ payload }}, '$.episodes[*]') with ordinality as episode (document, position)
            ))
        else {{ payload }}
    end
    {%- else %}
    when '{{ resource }}' then {{ showhouse.without_hidden(payload, lists, hidden) }}
    {%- endif %}
    {%- endfor %}
    else {{ payload }}
end
{%- endmacro %}

{#- A path's filter; it also looks into a list, wherever one stands in the place of a person. -#}
{% macro is_hidden() -%}
@.id == $ids[*] || @.adult == true
{%- endmacro %}

{#- An object without hidden people in those of its lists; what should be a list, is none and names one, becomes null. -#}
{% macro without_hidden(document, lists, hidden) -%}
{%- for list in lists -%}jsonb_set_lax({%- endfor -%}
{{ document }}
{%- for list in lists %}
{%- set name = list.rpartition('.')[2] -%}
{%- set value = document ~ " -> '" ~ name ~ "'" -%}
, '{{ '{' ~ name ~ '}' }}', case
    when jsonb_typeof({{ value }}) = 'array' then case
        when jsonb_path_exists({{ value }}, '$[*] ? ({{ showhouse.is_hidden() }})', {{ hidden }})
            then jsonb_path_query_array(
                {{ value }}, '$[*] ? (!(exists(@ ? ({{ showhouse.is_hidden() }}))))', {{ hidden }}
            )
    end
    when jsonb_path_exists({{ value }}, '$.** ? ({{ showhouse.is_hidden() }})', {{ hidden }})
        then 'null'::jsonb
end, false, 'return_target')
{%- endfor %}
{%- endmacro %}
