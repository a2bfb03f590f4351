{#-
    Who is in a series, or in one of its episodes, by IMDb's principals. Shows and people are joined by the ids that
    core gives them. A name of IMDb's that is nobody's credits nobody: made a person of its own, somebody who asked to
    be forgotten would come back, since what their document claimed is emptied.
-#}

{#- Those who are seen; the others are the crew. -#}
{% macro is_seen(principals) -%}
{{ principals }}.category in ('self', 'actor', 'actress', 'archive_footage')
{%- endmacro %}

{#-
    One row per changed show and person who claims a name that IMDb credits there, in the columns of `named_people`. Whose the
    name is, `people` decides, which reads this. Reads the CTE `shows`.
-#}
{% macro people_credited_by_imdb() -%}
select
    credited.show_id,
    claims.tmdb_person_id,
    null as name,
    null as original_name,
    null as profile_path,
    null as known_for_department,
    null::boolean as is_adult,
    null::integer as gender_code,
    null::timestamptz as fetched_at,
    null::integer as rank,
    credited.imdb_person_id
from ({{ names_credited_by_imdb() }}) as credited
inner join lateral ({{ people_who_claim('credited.imdb_person_id') }}) as claims on true
{%- endmacro %}

{% macro names_credited_by_imdb() -%}
select distinct
    titles.show_id,
    principals.imdb_person_id
from (
    select
        shows.show_id,
        shows.imdb_id as imdb_title_id
    from shows
    union
    select
        shows.show_id,
        episodes.imdb_title_id
    from shows
    inner join {{ ref('stg_imdb__episodes') }} as episodes on shows.imdb_id = episodes.imdb_id -- every episode
) as titles
inner join {{ ref('stg_imdb__principals') }} as principals -- every credit
    on {{ imdb_entity_id('titles.imdb_title_id') }} = principals.title_id
where {{ is_seen('principals') }} and principals.imdb_person_id is not null
{%- endmacro %}

{#- People of TMDb's whose documents claim the id; what the person's own document says goes before the other one. -#}
{% macro people_who_claim(imdb_id) -%}
select people.tmdb_id as tmdb_person_id
from {{ ref('stg_tmdb__people') }} as people
where people.claimed_imdb_id = {{ imdb_id }}
union
select ids.tmdb_id as tmdb_person_id
from {{ ref('stg_tmdb__person_external_ids') }} as ids
inner join {{ ref('stg_tmdb__people') }} as people -- drops people of whom nothing else is known
    on ids.person_id = people.person_id
where ids.claimed_imdb_id = {{ imdb_id }} and coalesce(people.imdb_id = {{ imdb_id }}, true)
{%- endmacro %}

{#- Roles in the series as a whole; of several names each is a role. -#}
{% macro imdb_cast(shows, mentions, people) -%}
select distinct
    shows.show_id,
    mentions.tmdb_person_id,
    nullif(btrim(role.name), '') as character,
    principals.category = 'self' or {{ is_self('role.name') }} as is_self,
    principals.category = 'archive_footage' or {{ is_archive_footage('role.name') }} as is_archive_footage
from {{ shows }} as shows
inner join {{ ref('stg_imdb__principals') }} as principals -- every credit of the series
    on {{ imdb_entity_id('shows.imdb_id') }} = principals.title_id
{{ whose_names_are('shows.show_id', mentions, people) }}
where {{ is_seen('principals') }}
{%- endmacro %}

{#- The people whose names the principals are, by `int_people__mentioned` and `people`, and their roles. -#}
{% macro whose_names_are(show_id, mentions, people) -%}
inner join {{ mentions }} as mentions -- drops names that nobody claims
    on {{ show_id }} = mentions.show_id and principals.imdb_person_id = mentions.imdb_person_id
inner join {{ people }} as people -- drops people who were refused the name
    on mentions.person_id = people.person_id and principals.imdb_person_id = people.imdb_id
left join lateral unnest(principals.characters) as role (name) on true
{%- endmacro %}
