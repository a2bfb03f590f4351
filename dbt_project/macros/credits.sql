{#- Credits: who is meant, and what a character's name tells. -#}

{#- TMDb writes people who appear as themselves `Self`, `Himself - Host`, `Self (archive footage)`. -#}
{% macro is_self(character) -%}
coalesce({{ character }} ~* '^\W*(self|himself|herself|themself|themselves)\M', false)
{%- endmacro %}

{#- `Self (archive footage)`, `(archival audio)`: recorded earlier and for something else. -#}
{% macro is_archive_footage(character) -%}
coalesce({{ character }} ~* '\m(archive|archival)\M\W*\m(footage|film|video|audio|sound|photos?|material)\M', false)
{%- endmacro %}

{#- Everyone whom the documents of changed shows name, once per place; `rank` puts the best source first. -#}
{% macro named_people() -%}
{%- set places = [
    'stg_tmdb__aggregate_cast', 'stg_tmdb__cast', 'stg_tmdb__aggregate_crew', 'stg_tmdb__crew',
    'stg_tmdb__guest_stars', 'stg_tmdb__episode_crew',
] -%}
{%- for place in places %}
select
    named.show_id,
    named.tmdb_person_id,
    named.name,
    named.original_name,
    named.profile_path,
    named.known_for_department,
    named.is_adult,
    named.gender_code,
    named.fetched_at,
    {{ loop.index }} as rank,
    null as imdb_person_id
from {{ ref(place) }} as named
where {{ is_changed('named.show_id') }} and named.tmdb_person_id is not null
union all
{%- endfor %}
select
    creators.show_id,
    creators.tmdb_person_id,
    creators.name,
    null as original_name,
    creators.profile_path,
    null as known_for_department,
    null as is_adult,
    creators.gender_code,
    creators.fetched_at,
    {{ places | length + 1 }} as rank,
    null as imdb_person_id
from {{ ref('stg_tmdb__show_creators') }} as creators
where {{ is_changed('creators.show_id') }} and creators.tmdb_person_id is not null
union all
{{ people_credited_by_imdb() }}
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
