{#- The CTEs of `show_documents`: one row per changed show each. -#}

{#- Names of the services that stream a show anywhere, each once, by name: subscriptions, free and with ads. -#}
{% macro streaming_providers() -%}
select
    named.show_id,
    array_agg(named.provider_name order by named.provider_name) as names
from (
    select
        listed.show_id,
        providers.provider_name
    from {{ ref('show_watch_providers') }} as listed
    inner join {{ ref('watch_providers') }} as providers -- every offer's provider stands there
        on listed.provider_id = providers.provider_id
    where
        {{ is_changed('listed.show_id') }}
        and listed.offer_type in ('flatrate', 'free', 'ads')
        and providers.provider_name is not null
    group by listed.show_id, providers.provider_name
) as named
group by named.show_id
{%- endmacro %}

{#- Every service that offers a show, by its id and by id and region. -#}
{% macro providers_by_show() -%}
select
    listed.show_id,
    array_agg(distinct named.name order by named.name) as providers
from {{ ref('show_watch_providers') }} as listed
cross join
    lateral (
        values (listed.provider_id::text), (listed.provider_id || '/' || listed.region)
    ) as named (name)
where {{ is_changed('listed.show_id') }}
group by listed.show_id
{%- endmacro %}

{#- Addresses of our copies of the images that stand for a show. -#}
{% macro hosted_by_show() -%}
select
    shows.show_id
    {%- for kind in ('poster', 'backdrop', 'logo') %},
    max(held.hosted_url) filter (where held.show_image_id = shows.primary_{{ kind }}_image_id) as {{ kind }}_url
    {%- endfor %},
    (
        array_agg(held.hosted_renditions) filter (where held.show_image_id = shows.primary_poster_image_id)
    )[1] as poster_renditions
from {{ ref('shows') }} as shows
inner join {{ ref('hosted_images') }} as held -- drops shows of which nothing is held
    on shows.show_id = held.show_id
where
    {{ is_changed('shows.show_id') }}
    and {{ is_changed('held.show_id') }}
    and held.show_image_id is not null
group by shows.show_id
{%- endmacro %}

{#- Networks or companies of a show as a JSON array `owners`, in the show's order. -#}
{% macro owners_by_show(links, entities, id_column) -%}
select
    listed.show_id,
    json_agg({{ owner_json('owners', id_column) }} order by listed.position, listed.{{ id_column }}) as owners
from {{ ref(links) }} as listed
inner join {{ ref(entities) }} as owners -- every listed one stands there
    on listed.{{ id_column }} = owners.{{ id_column }}
where {{ is_changed('listed.show_id') }}
group by listed.show_id
{%- endmacro %}

{% macro seasons_by_show() -%}
select
    seasons.show_id,
    json_agg(json_build_object({{ season_members('seasons') }}) order by seasons.season_number) as seasons
from ({{ seasons_with_poster() }}) as seasons
group by seasons.show_id
{%- endmacro %}

{#- All regions' offers of a show in one array, and the regions. -#}
{% macro offers_by_show() -%}
select
    regional.show_id,
    array_agg(regional.region order by regional.region) filter (where regional.position = 1) as regions,
    json_agg(regional.offer order by regional.region, regional.position) as offers
from (
    select
        offers.show_id,
        offers.region,
        offer.value as offer,
        offer.position
    from ({{ offers_by_region() }}) as offers
    cross join lateral json_array_elements(offers.offers) with ordinality as offer (value, position)
) as regional
group by regional.show_id
{%- endmacro %}
