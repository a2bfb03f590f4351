{#-
    Who is in a series, or in one of its episodes, by IMDb's principals. Whose a name is, `people` alone decides: that of somebody
    of TMDb's, or a person of its own. So `int_people__mentioned` notes the name as what it would be by itself; when it becomes somebody's,
    or nobody's again, that person leaves or appears, and with that the shows which it is credited in are looked at anew.
-#}

{#- Those who are seen; the others are the crew. -#}
{% macro is_seen(principals) -%}
{{ principals }}.category in ('self', 'actor', 'actress', 'archive_footage')
{%- endmacro %}

{% macro principals_of(imdb_title_id) -%}
{{ looked_up('stg_imdb__principals', 'title_id', imdb_entity_id(imdb_title_id)) }}
{%- endmacro %}

{#- One row per show and name that IMDb credits there. -#}
{% macro people_credited_by_imdb(shows) -%}
select distinct
    titles.show_id,
    principals.imdb_person_id
from (
    select
        shows.show_id,
        shows.imdb_id as imdb_title_id
    from {{ shows }} as shows
    union
    select
        shows.show_id,
        episodes.imdb_title_id
    from {{ shows }} as shows
    cross join lateral {{ looked_up('stg_imdb__episodes', 'imdb_id', 'shows.imdb_id') }} as episodes -- every episode
) as titles
cross join lateral {{ principals_of('titles.imdb_title_id') }} as principals -- every credit
where {{ is_seen('principals') }} and principals.imdb_person_id is not null
{%- endmacro %}

{#- Roles in the series as a whole; of several names each is a role. -#}
{% macro imdb_cast(shows, people) -%}
select distinct
    shows.show_id,
    people.tmdb_id as tmdb_person_id,
    case when people.tmdb_id is null then people.imdb_id end as imdb_person_id,
    nullif(btrim(role.name), '') as character,
    principals.category = 'self' or {{ is_self('role.name') }} as is_self,
    principals.category = 'archive_footage' or {{ is_archive_footage('role.name') }} as is_archive_footage
from {{ shows }} as shows
cross join lateral {{ principals_of('shows.imdb_id') }} as principals -- every credit of the series
{{ whose_names_are(people) }}
where {{ is_seen('principals') }}
{%- endmacro %}

{#- The people whose names the principals are, and their roles. -#}
{% macro whose_names_are(people) -%}
inner join {{ people }} as people -- drops names that the files do not tell, and the forgotten
    on principals.imdb_person_id = people.imdb_id
left join lateral unnest(principals.characters) as role (name) on true
{%- endmacro %}

{#-
    Roles in episodes, under the episode's id: of a series of TMDb's in those whose numbers it has. They are not looked for
    where IMDb credits nobody in the show, by `mentions`.
-#}
{% macro imdb_episode_cast(shows, mentions, people) -%}
select distinct
    placed.show_id,
    placed.episode_id,
    people.tmdb_id as tmdb_person_id,
    case when people.tmdb_id is null then people.imdb_id end as imdb_person_id,
    nullif(btrim(role.name), '') as character,
    principals.category = 'self' or {{ is_self('role.name') }} as is_self,
    principals.category = 'archive_footage' or {{ is_archive_footage('role.name') }} as is_archive_footage
from (
    select
        numbered.show_id,
        numbered.imdb_episode_id,
        episodes.episode_id
    from ({{ numbered_imdb_episodes(shows) }}) as numbered
    inner join ({{ unique_episodes([], among='episodes.show_id in (
        select credited.show_id from ' ~ mentions ~ ' as credited where credited.imdb_person_id is not null
    )') }}) as episodes -- drops episodes that TMDb does not know
        on
            numbered.show_id = episodes.show_id
            and numbered.season_number = episodes.season_number
            and numbered.episode_number = episodes.episode_number
    where numbered.is_of_dataset
    union all
    select
        own.show_id,
        own.imdb_episode_id,
        {{ imdb_entity_id('own.imdb_episode_id') }} as episode_id
    from ({{ own_imdb_places(imdb_alone(shows)) }}) as own
) as placed
cross join lateral {{ principals_of('placed.imdb_episode_id') }} as principals -- every credit of the episode
{{ whose_names_are(people) }}
where {{ is_seen('principals') }}
{%- endmacro %}
