{#-
    What the sources say of the credits of a series, one below the other: the input of `show_cast`. Who is meant is told by TMDb's
    id, and by IMDb's where that alone knows the person.
-#}

{#-
    The whole cast, the main cast and the seasons' regulars of TMDb's, and IMDb's. IMDb counts neither its credits' episodes nor, where TMDb has an
    order, does its order mean anything beside that.
-#}
{% macro credits_of_all_sources(overall, current_main, seasonal, shows, people) -%}
{%- for listed in (overall, current_main, seasonal) %}
select
    {{ listed }}.show_id,
    {{ listed }}.tmdb_person_id,
    null as imdb_person_id,
    {{ listed }}.character,
    {{ is_self(listed ~ '.character') }} as is_self,
    {{ is_archive_footage(listed ~ '.character') }} as is_archive_footage,
    {{ listed }}.billing_order,
    {{ listed }}.episode_count,
    {{ listed }}.source
from {{ listed }}
union all
{%- endfor %}
select
    roles.show_id,
    roles.tmdb_person_id,
    roles.imdb_person_id,
    roles.character,
    roles.is_self,
    roles.is_archive_footage,
    null::integer as billing_order,
    null::integer as episode_count,
    'imdb_title_principals' as source
from ({{ imdb_cast(shows, people) }}) as roles
{%- endmacro %}

{#- Whose resources are named in a text. -#}
{% macro sources_of(resources) -%}
array_remove(array[
    case when {{ resources }} ~ '\mtmdb_' then 'tmdb' end, case when {{ resources }} ~ '\mimdb_' then 'imdb' end
], null)
{%- endmacro %}
