{#- What is told of a person, and by whom. -#}

{% macro gender(code) -%}
case {{ code }} when 1 then 'female' when 2 then 'male' when 3 then 'non-binary' end
{%- endmacro %}

{% macro gender_source(code) -%}
case when {{ gender(code) }} is not null then 'tmdb' end
{%- endmacro %}

{#- TMDb's day goes before IMDb's year. -#}
{% macro birthday_source(birthday, imdb_birth_year) -%}
case when {{ birthday }} is not null then 'tmdb' when {{ imdb_birth_year }} is not null then 'imdb' end
{%- endmacro %}

{#- The sign of the day; null without one. Each begins on the day beside it, the last goes on over New Year. -#}
{% macro zodiac(birthday) -%}
{%- set signs = [
    (120, 'Aquarius'), (219, 'Pisces'), (321, 'Aries'), (420, 'Taurus'), (521, 'Gemini'), (621, 'Cancer'),
    (723, 'Leo'), (823, 'Virgo'), (923, 'Libra'), (1023, 'Scorpio'), (1122, 'Sagittarius'), (1222, 'Capricorn'),
] -%}
case
    when {{ birthday }} is null then null
    {%- for begins, sign in signs | reverse %}
    when extract(month from {{ birthday }}) * 100 + extract(day from {{ birthday }}) >= {{ begins }} then '{{ sign }}'
    {%- endfor %}
    else 'Capricorn'
end
{%- endmacro %}

{#- What tells the id that a person has; reads `identities`, `details` and `external_ids` of `people`. -#}
{% macro imdb_id_evidence() -%}
array_remove(array[
    case when identities.tmdb_id is null then 'imdb_name_basics' end,
    case when identities.imdb_id = details.imdb_id then 'tmdb_person_details' end,
    case when identities.imdb_id = external_ids.imdb_id then 'tmdb_person_external_ids' end,
    case
        when
            identities.tmdb_id is not null
            and identities.imdb_id <> coalesce(details.imdb_id, '')
            and identities.imdb_id <> coalesce(external_ids.imdb_id, '')
            then 'stg_reference__id_overrides'
    end
], null)
{%- endmacro %}
