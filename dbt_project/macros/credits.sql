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
