{#- Pieces of the API's documents that stand in several marts. Member order is part of what clients see. -#}

{% macro hosted_logo_members(relation) -%}
{%- for member in ('key', 'url', 'sha256', 'content_type', 'bytes', 'etag', 'at') %}
'hosted_logo_{{ member }}', {{ relation }}.hosted_logo_{{ member }}{{ ',' if not loop.last }}
{%- endfor %}
{%- endmacro %}

{% macro owner_json(relation, id_column) -%}
json_build_object(
    'id', {{ relation }}.{{ id_column }},
    'name', {{ relation }}.name,
    'origin_country', {{ relation }}.origin_country,
    'tmdb_logo_path', {{ relation }}.logo_path,
    {{ hosted_logo_members(relation) }}
)
{%- endmacro %}

{#- Seasons of changed shows, each with the address of our copy of its poster. -#}
{% macro seasons_with_poster() -%}
select
    seasons.*,
    posters.hosted_url as hosted_poster_url
from {{ ref('seasons') }} as seasons
left join {{ ref('hosted_images') }} as posters -- 1:1
    on
        seasons.show_id = posters.show_id
        and posters.kind = 'season_posters'
        and seasons.season_number = posters.season_number
        and seasons.poster_path = posters.file_path
        and {{ is_changed('posters.show_id') }}
where {{ is_changed('seasons.show_id') }}
{%- endmacro %}

{#- Reads a relation of `seasons_with_poster`. -#}
{% macro season_members(relation) -%}
'id', {{ relation }}.season_id,
'season_number', {{ relation }}.season_number,
'name', {{ relation }}.name,
'air_date', {{ relation }}.air_date,
'episode_count', {{ relation }}.episode_count,
'poster_path', {{ relation }}.poster_path,
'hosted_poster_url', {{ relation }}.hosted_poster_url,
'vote_average', {{ relation }}.vote_average
{%- endmacro %}

{% macro episode_around_json(relation, role) -%}
case
    when {{ relation }}.{{ role }}_air_date is not null
        then json_build_object(
            'season', {{ relation }}.{{ role }}_season,
            'number', {{ relation }}.{{ role }}_number,
            'title', {{ relation }}.{{ role }}_title,
            'air_date', {{ relation }}.{{ role }}_air_date
        )
end
{%- endmacro %}

{#- Offers of a show in one region, ordered by offer type; providers by priority (unknown last), then name. -#}
{% macro offers_by_region() -%}
select
    offers.show_id,
    offers.region,
    json_agg(offers.offer order by offers.offer_type) as offers
from (
    select
        listed.show_id,
        listed.region,
        listed.offer_type,
        json_build_object(
            'region', listed.region,
            'offer_type', listed.offer_type,
            'link', min(listed.link),
            'providers', json_agg(
                json_build_object(
                    'provider_id', providers.provider_id,
                    'provider_name', providers.provider_name,
                    'display_priority', listed.display_priority,
                    'tmdb_logo_path', providers.logo_path,
                    {{ hosted_logo_members('providers') }}
                )
                order by listed.display_priority nulls last, providers.provider_name, providers.provider_id
            )
        ) as offer
    from {{ ref('show_watch_providers') }} as listed
    inner join {{ ref('watch_providers') }} as providers -- every offer's provider stands there
        on listed.provider_id = providers.provider_id
    where {{ is_changed('listed.show_id') }}
    group by listed.show_id, listed.region, listed.offer_type
) as offers
group by offers.show_id, offers.region
{%- endmacro %}

{#-
    What a search compares: lower case, without accents and signs, one space between words (`whats my line`,
    `law and order`, `swat` of `S.W.A.T.`). A text of nothing but signs keeps them. The API folds what is typed by the
    same expression (`api/search.py`).
-#}
{% macro to_search_text(value) -%}
coalesce(
    nullif(btrim(regexp_replace({{ without_marks(value) }}, '{{ signs() }}+', ' ', 'g')), ''),
    btrim({{ without_marks(value) }})
)
{%- endmacro %}

{#- The same with its signs left out, for who types `mash`, `911` or `spiderman`. -#}
{% macro to_joined_text(value) -%}
btrim(
    regexp_replace(regexp_replace({{ without_marks(value) }}, '(?!\s){{ signs() }}', '', 'g'), '\s+', ' ', 'g')
)
{%- endmacro %}

{#- Marks of accents go, and apostrophes, and dots after a single letter. -#}
{% macro without_marks(value) -%}
regexp_replace(
    replace(normalize(lower(translate({{ value }}, '´', '''')), nfkd), '&', ' and '),
    '[\u0300-\u036f''`\u2018\u2019\u02bc\u2032]|(?<=(?:^|[\s.(])\S)\.', '', 'g'
)
{%- endmacro %}

{#-
    Signs, by their numbers, since what is a letter depends on the locale of the database: those of ASCII and Latin-1,
    general punctuation, symbols, and those of Chinese and Japanese.
-#}
{% macro signs() -%}
[\s!-/:-@\[-`{-~\u00a1-\u00bf\u00d7\u00f7\u2010-\u206f\u2190-\u2bff\u3001-\u3003\u3008-\u3011\u3014-\u301f\u3030\u30fb]
{%- endmacro %}

{% macro person_members(relation) -%}
'id', {{ relation }}.person_id,
'tmdb_id', {{ relation }}.tmdb_id,
'name', {{ relation }}.name,
'profile_path', {{ relation }}.profile_path
{%- endmacro %}
