{#-
    The changed shows: those that TMDb gives details of, and of the tracked ones by their IMDb id those that none of these is
    and that IMDb's files name. With the ids that each is given (`details` is a CTE of `shows`), and what IMDb's
    datasets say of the series that has its IMDb id. Macros, since `shows` may read staging alone.
-#}
{% macro show_identities() -%}
with

given as (

    {{ given_ids('show', 'details') }}

),

tracked as (

    select * from {{ ref('stg_showhouse__tracked_shows') }}
    where {{ is_changed('show_id') }} and is_tracked

)

select
    identified.*,
    tracked.tags,
    tracked._load_id as tracked_load_id,
    ids.facebook_id,
    ids.instagram_id,
    ids.twitter_id,
    coalesce(pages.title, titles.title) as imdb_title,
    ratings.rating_value as imdb_rating_value,
    ratings.rating_count as imdb_rating_count,
    titles.start_year as imdb_start_year,
    titles.end_year as imdb_end_year,
    case when identified.is_own then titles.genres end as own_genres,
    case when identified.is_own then titles.is_adult end as own_is_adult,
    pages.content_rating as imdb_content_rating,
    pages.description as imdb_description,
    greatest(titles.fetched_at, ratings.fetched_at, pages.fetched_at) as imdb_fetched_at
from (
    select
        details.show_id,
        given.imdb_id,
        {{ to_integer('given.tvdb_id') }} as tvdb_id,
        {{ to_integer('given.tvrage_id') }} as tvrage_id,
        given.wikidata_id,
        coalesce(given.refused_ids, '{}') as refused_ids,
        false as is_own
    from details
    left join given on details.show_id = given.show_id -- 1:1
    where {{ is_changed('details.show_id') }}
    union all
    select
        tracked.show_id,
        named.imdb_title_id,
        null::integer,
        null::integer,
        null,
        '{}'::text[],
        true
    from tracked
    cross join lateral {{ looked_up('stg_imdb__titles', 'imdb_title_id', "split_part(tracked.natural_key, ':', 2)") }} as named -- drops what no file names
    where
        starts_with(tracked.natural_key, 'imdb:')
        and starts_with(named.title_type, 'tv')
        and named.title_type <> 'tvEpisode'
        and named.imdb_title_id not in (select given.imdb_id from given where given.imdb_id is not null)
) as identified
left join tracked on identified.show_id = tracked.show_id -- 1:1
left join {{ ref('stg_tmdb__show_external_ids') }} as ids -- 1:1
    on identified.show_id = ids.show_id and {{ is_changed('ids.show_id') }}
left join lateral {{ looked_up('stg_imdb__titles', 'imdb_title_id', 'identified.imdb_id') }} as titles -- 1:1
    on true
left join lateral {{ looked_up('stg_imdb__ratings', 'imdb_title_id', 'identified.imdb_id') }} as ratings -- 1:1
    on true
left join lateral {{ looked_up('stg_imdb__title_pages', 'imdb_id', 'identified.imdb_id') }} as pages -- 1:1
    on true
{%- endmacro %}
