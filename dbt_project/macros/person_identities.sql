{#-
    The changed people: whom TMDb has a document of, or names in credits, and of the names that IMDb credits those that none of
    these is and that IMDb's files tell. With the ids that each is given. Reads the CTEs `documents`, `details` and `named` of `people`.
-#}
{% macro person_identities() -%}
with

given as (

    {{ given_ids('person', 'documents') }}

),

forgotten as (

    {{ forgotten_people() }}

)

select
    identified.*,
    imdb.name as imdb_name,
    case when identified.tmdb_id is null then imdb.name end as own_name,
    imdb.birth_year as imdb_birth_year
from (
    select
        coalesce(details.person_id, named.person_id) as person_id,
        coalesce(details.tmdb_id, named.tmdb_id) as tmdb_id,
        given.imdb_id,
        given.wikidata_id,
        coalesce(given.refused_ids, '{}') as refused_ids
    from details
    full join (select * from named where tmdb_id is not null) as named -- 1:1
        on details.person_id = named.person_id
    left join given on details.person_id = given.person_id -- 1:1
    union all
    select
        named.person_id,
        null::integer,
        named.imdb_person_id,
        null,
        '{}'::text[]
    from named
    cross join lateral {{ looked_up('stg_imdb__people', 'imdb_person_id', 'named.imdb_person_id') }} as known -- drops what no file tells
    where not exists (select from given where given.imdb_id = named.imdb_person_id)
) as identified
cross join forgotten -- one row
left join lateral {{ looked_up('stg_imdb__people', 'imdb_person_id', 'identified.imdb_id') }} as imdb -- 1:1, of a day of its own
    on true
where
    not identified.person_id = any(forgotten.person_ids)
    and coalesce(not identified.imdb_id = any(forgotten.imdb_ids), true)
    and not identified.refused_ids && forgotten.refused_ids
{%- endmacro %}

{#- Who asked to be forgotten, by every id that was known of them: one row. There are few. -#}
{% macro forgotten_people() -%}
select
    coalesce(array_agg(suppressed.person_id), '{}') as person_ids,
    coalesce(array_agg(named.imdb_id) filter (where named.imdb_id is not null), '{}') as imdb_ids,
    coalesce(array_agg('imdb:' || named.imdb_id) filter (where named.imdb_id is not null), '{}') as refused_ids
from {{ ref('stg_showhouse__suppressed_people') }} as suppressed
left join lateral unnest(suppressed.imdb_person_ids) as named (imdb_id) on true
where suppressed.is_suppressed
{%- endmacro %}
