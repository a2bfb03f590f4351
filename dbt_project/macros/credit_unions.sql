{#-
    What the sources say of a credit, one below the other: the inputs of `show_cast` and `episode_appearances`. Who is meant
    is told by TMDb's id, and by IMDb's where that alone knows the person.
-#}

{#-
    The whole cast and the main cast of TMDb's, and IMDb's. IMDb counts neither its credits' episodes nor, where TMDb has an
    order, does its order mean anything beside that.
-#}
{% macro credits_of_all_sources(overall, current_main, shows, people) -%}
{%- for listed in (overall, current_main) %}
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

{#-
    By episode: TMDb lists who appears in one as guest stars, the main cast among them, and the crew.
-#}
{% macro episode_credits(shows, mentions, people) -%}
{%- for view, kind in (('stg_tmdb__guest_stars', 'performer'), ('stg_tmdb__episode_crew', 'crew')) %}
select
    {{ kind }}.show_id,
    {{ episode_id(
        kind ~ '.tmdb_episode_id', kind ~ '.tmdb_id', kind ~ '.season_number', kind ~ '.episode_number'
    ) }} as episode_id,
    {{ kind }}.tmdb_person_id,
    null as imdb_person_id,
    {{ 'true' if kind == 'crew' else 'false' }} as is_crew,
    {{ 'null' if kind == 'crew' else 'performer.character' }} as character,
    {{ 'crew.job' if kind == 'crew' else 'null' }} as job,
    {{ 'false' if kind == 'crew' else is_self('performer.character') }} as is_self,
    {{ 'false' if kind == 'crew' else is_archive_footage('performer.character') }} as is_archive_footage,
    {{ 'null::integer' if kind == 'crew' else 'performer.billing_order' }} as billing_order,
    'tmdb_tv_seasons' as source
from {{ ref(view) }} as {{ kind }}
where {{ is_changed(kind ~ '.show_id') }}
union all
{%- endfor %}
select
    roles.show_id,
    roles.episode_id,
    roles.tmdb_person_id,
    roles.imdb_person_id,
    false as is_crew,
    roles.character,
    null as job,
    roles.is_self,
    roles.is_archive_footage,
    null::integer as billing_order,
    'imdb_title_principals' as source
from ({{ imdb_episode_cast(shows, mentions, people) }}) as roles
{%- endmacro %}

{#- Whose resources are named in a text. -#}
{% macro sources_of(resources) -%}
array_remove(array[
    case when {{ resources }} ~ '\mtmdb_' then 'tmdb' end, case when {{ resources }} ~ '\mimdb_' then 'imdb' end
], null)
{%- endmacro %}
