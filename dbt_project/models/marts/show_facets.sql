-- Each count is of all shows, so every row depends on many: this one is built as a whole.
{{ config(
    incremental_strategy='whole',
    unique_key=['dimension', 'value'],
    indexes=[{'columns': ['dimension', 'value'], 'unique': true}],
) }}

-- what of a show holds the value, and the value
{% set dimensions = {
    'all': ("'all'::text", 'alike.held'),
    'genre': ('shows.genres', 'unnest(alike.held)'),
    'status': ('shows.tmdb_status', 'alike.held'),
    'country': ('shows.origin_countries', 'unnest(alike.held)'),
    'network': ('shows.network_ids', 'unnest(alike.held)::text'),
    'provider_region': ('shows.provider_regions', 'unnest(alike.held)'),
    'year': ('shows.premiere_date', "to_char(alike.held, 'FMYYYY')"),
} %}

with

shows as (

    select * from {{ ref('show_documents') }}

),

-- many shows have the same list: the lists are counted, then the members of the few
held as (

    {% for dimension, (held, value) in dimensions.items() %}
        select
            '{{ dimension }}' as dimension,
            {{ value }} as value,
            alike.show_count,
            alike.adult_show_count
        from (
            select
                {{ held }} as held,
                count(*) filter (where shows.is_adult is not true) as show_count,
                count(*) filter (where shows.is_adult) as adult_show_count
            from shows
            group by {{ held }}
        ) as alike
        {{ 'union all' if not loop.last }}
    {% endfor %}

)

select
    -- text
    held.value,

    -- codes
    held.dimension,

    -- measures
    sum(held.show_count)::integer as show_count,
    sum(held.adult_show_count)::integer as adult_show_count
from held
where held.value is not null
group by held.dimension, held.value
