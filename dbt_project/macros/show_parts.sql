{#- The wide inputs of `shows`, one row per changed show each; see the note in `shows.sql` for why macros. -#}

{#- What a show belongs to, as arrays in upstream's order, each entry once. -#}
{% macro show_lists() -%}
{%- set lists = [
    ('genres', ref('stg_tmdb__show_genres'), 'name'),
    ('keywords', ref('stg_tmdb__show_keywords'), 'name'),
    ('networks', ref('stg_tmdb__show_networks'), 'name'),
    ('network_ids', ref('stg_tmdb__show_networks'), 'network_id'),
    ('production_company_ids', ref('stg_tmdb__show_production_companies'), 'production_company_id'),
] -%}
select
    entries.show_id
    {%- for name, relation, column in lists %},
    coalesce(
        array_agg(entries.value order by entries.position) filter (where entries.list = '{{ name }}'), '{}'
    ){{ '::integer[]' if column != 'name' }} as {{ name }}
    {%- endfor %}
from (
    {%- for name, relation, column in lists %}
    select
        '{{ name }}' as list,
        listed.show_id,
        listed.{{ column }}::text as value,
        min(listed.position) as position
    from {{ relation }} as listed
    where {{ is_changed('listed.show_id') }} and listed.{{ column }} is not null
    group by listed.show_id, listed.{{ column }}
    {{ 'union all' if not loop.last }}
    {%- endfor %}
) as entries
group by entries.show_id
{%- endmacro %}

{#- Tags that name a list: `tmdb-list:5`, `imdb-list:ls012345678`. -#}
{% macro list_tags(tags) -%}
array(
    select tag.value
    from unnest({{ tags }}) with ordinality as tag (value, position)
    where tag.value ~ '^(tmdb|imdb)-list:'
    order by tag.position
)
{%- endmacro %}

{#- What TMDb's types of episode groups mean, as its documentation of them says. -#}
{% macro order_type(code) -%}
case {{ code }}
    when 1 then 'original_air_date'
    when 2 then 'absolute'
    when 3 then 'dvd'
    when 4 then 'digital'
    when 5 then 'story_arc'
    when 6 then 'production'
    when 7 then 'tv'
end
{%- endmacro %}
