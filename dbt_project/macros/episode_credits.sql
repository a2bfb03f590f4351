{#- By IMDb's principals; with IMDb's id of whom it alone knows. Its order means nothing beside TMDb's. -#}
{% macro performers_of_imdb(shows, mentions, people) -%}
select
    roles.show_id,
    roles.episode_id,
    roles.tmdb_person_id,
    roles.imdb_person_id,
    string_agg(distinct roles.character, ' / ' order by roles.character) as character,
    bool_or(roles.is_self) as is_self,
    bool_and(roles.is_archive_footage) as is_archive_footage
from ({{ imdb_episode_cast(shows, mentions, people) }}) as roles
group by roles.show_id, roles.episode_id, roles.tmdb_person_id, roles.imdb_person_id
{%- endmacro %}

{#-
    Performers and the crew, one below the other: one row for a performer whom TMDb and IMDb both list, with the roles as TMDb
    calls them where it names any.
-#}
{% macro appearances_in_episodes(listed, of_imdb, crew) -%}
select
    coalesce(listed.show_id, others.show_id) as show_id,
    coalesce(listed.episode_id, others.episode_id) as episode_id,
    coalesce(listed.tmdb_person_id, others.tmdb_person_id) as tmdb_person_id,
    others.imdb_person_id,
    coalesce(listed.character, others.character) as character,
    '{}'::text[] as jobs,
    array_remove(array[
        case when others.episode_id is not null then 'imdb_title_principals' end,
        case when listed.episode_id is not null then 'tmdb_tv_seasons' end
    ], null) as sources,
    false as is_crew,
    coalesce(listed.is_self, false) or coalesce(others.is_self, false) as is_self,
    coalesce(listed.is_archive_footage, true) and coalesce(others.is_archive_footage, true)
        as is_archive_footage,
    listed.billing_order
from {{ listed }} as listed
full join {{ of_imdb }} as others -- 1:1
    on
        listed.show_id = others.show_id
        and listed.episode_id = others.episode_id
        and listed.tmdb_person_id = others.tmdb_person_id
union all
select
    crew.show_id,
    crew.episode_id,
    crew.tmdb_person_id,
    null as imdb_person_id,
    null as character,
    crew.jobs,
    array['tmdb_tv_seasons'] as sources,
    true as is_crew,
    false as is_self,
    false as is_archive_footage,
    null as billing_order
from {{ crew }} as crew
{%- endmacro %}
