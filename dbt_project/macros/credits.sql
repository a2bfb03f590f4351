{#- Credits: who is meant, and what a character's name tells. -#}

{#-
    TMDb writes people who appear as themselves `Self`, `Himself - Host`, `Self (archive footage)`, at times `Self-Host`. Whom
    another word follows after a hyphen is a role: `Self-Made Man`.
-#}
{% macro is_self(character) -%}
{%- set hosts = '(co-?)?(host|guest|judge|contestant|presenter|narrator|panell?ist|interview)' -%}
coalesce(
    {{ character }} ~* '^\W*(self|himself|herself|themself|themselves)\M(?!-(?!{{ hosts }})\w)', false
)
{%- endmacro %}

{#- `Self (archive footage)`, `(archival audio)`: recorded earlier and for something else. -#}
{% macro is_archive_footage(character) -%}
coalesce({{ character }} ~* '\m(archive|archival)\M\W*\m(footage|film|video|audio|sound|photos?|material)\M', false)
{%- endmacro %}

{#-
    Everyone whom the documents of one show name: they do so many times, and the best place that says something wins. It is asked
    show by show: what the documents of all of them name, 28 million rows of 200,000 series, would be written to disk to be
    grouped.
-#}
{% macro people_named_in(show) -%}
select
    named.tmdb_person_id,
    max(named.fetched_at) as fetched_at,
    {{ best_told('named', 'name') }} as name,
    {{ best_told('named', 'original_name') }} as original_name,
    {{ best_told('named', 'profile_path') }} as profile_path,
    {{ best_told('named', 'known_for_department') }} as known_for_department,
    {{ best_told('named', 'is_adult', 'boolean') }} as is_adult,
    {{ best_told('named', 'gender_code', 'integer') }} as gender_code
from ({{ places_that_name_people(show) }}) as named
group by named.tmdb_person_id
{%- endmacro %}

{#- One below the other; `rank` puts the best first. -#}
{% macro places_that_name_people(show) -%}
{%- set places = [
    'stg_tmdb__aggregate_cast', 'stg_tmdb__cast', 'stg_tmdb__aggregate_crew', 'stg_tmdb__crew',
    'stg_tmdb__guest_stars', 'stg_tmdb__episode_crew',
] -%}
{%- for place in places %}
select
    credits.tmdb_person_id,
    credits.name,
    credits.original_name,
    credits.profile_path,
    credits.known_for_department,
    credits.is_adult,
    credits.gender_code,
    credits.fetched_at,
    {{ loop.index }} as rank
from {{ ref(place) }} as credits
where credits.show_id = {{ show }}.show_id and credits.tmdb_person_id is not null
union all
{%- endfor %}
select
    creators.tmdb_person_id,
    creators.name,
    null as original_name,
    creators.profile_path,
    null as known_for_department,
    null as is_adult,
    creators.gender_code,
    creators.fetched_at,
    {{ places | length + 1 }} as rank
from {{ ref('stg_tmdb__show_creators') }} as creators
where creators.show_id = {{ show }}.show_id and creators.tmdb_person_id is not null
{%- endmacro %}

{#- The first value that is known, the most recently told first; rows of `relation` say `fetched_at` and `show_id`. -#}
{% macro latest_told(relation, column) -%}
(array_agg({{ relation }}.{{ column }} order by {{ relation }}.fetched_at desc, {{ relation }}.show_id) filter (
    where {{ relation }}.{{ column }} is not null
))[1]
{%- endmacro %}

{#-
    The same by `rank`, a digit, the best source first: the least of rank and value written together. That is a
    minimum, which needs no order within the group; six arrays of each group, ordered, took half of the model's time.
-#}
{% macro best_told(relation, column, type='text') -%}
substr(min(({{ relation }}.rank::text || {{ relation }}.{{ column }}::text) collate "C"), 2)::{{ type }}
{%- endmacro %}

{#- A column of names for each role (`Creator` gives `creators`), those with most episodes first. -#}
{% macro names_by_role(roles) -%}
{%- for role in roles -%}
array_agg(members.name order by members.episode_count desc nulls last, members.name) filter (
    where members.role = '{{ role }}'
) as {{ role | lower | replace(' ', '_') }}s{{ ',' if not loop.last }}
{% endfor -%}
{%- endmacro %}
