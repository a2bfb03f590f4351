{{ config(
    unique_key=['show_id', 'source', 'title_kind', 'position'],
    indexes=[{'columns': ['show_id', 'source', 'title_kind', 'position'], 'unique': true}],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

alternative_titles as (

    select * from {{ ref('stg_tmdb__show_alternative_titles') }}
    where {{ is_changed('show_id') }} and title is not null

),

translations as (

    select * from {{ ref('stg_tmdb__show_translations') }}
    where {{ is_changed('show_id') }} and coalesce(name, overview, tagline, homepage) is not null

),

-- of the series alone, not of its episodes
imdb_titles as (

    select distinct on (shows.show_id, akas.position)
        shows.show_id,
        akas.title,
        concat_ws(', ', {{ separated('akas.title_type') }}, {{ separated('akas.attributes') }})
            as title_type,
        akas.is_original_title,
        akas.language,
        akas.region,
        akas.position
    from shows
    cross join lateral {{ looked_up(
        'stg_imdb__alternative_titles', 'title_id', imdb_entity_id('shows.imdb_id'),
    ) }} as akas
    where akas.title is not null and akas.position is not null
    order by shows.show_id, akas.position, akas.title, akas.region

),

titles as (

    select
        alternative_titles.show_id,
        'tmdb' as source,
        'alternative' as title_kind,
        alternative_titles.title,
        alternative_titles.title_type,
        null as overview,
        null as tagline,
        null as homepage,
        null as language,
        alternative_titles.country,
        alternative_titles.position
    from alternative_titles
    union all
    select
        translations.show_id,
        'tmdb' as source,
        'translation' as title_kind,
        translations.name as title,
        null as title_type,
        translations.overview,
        translations.tagline,
        translations.homepage,
        translations.language,
        translations.country,
        translations.position
    from translations
    union all
    select
        imdb_titles.show_id,
        'imdb' as source,
        'alternative' as title_kind,
        imdb_titles.title,
        coalesce(
            nullif(imdb_titles.title_type, ''),
            case when imdb_titles.is_original_title then 'original' end
        ) as title_type,
        null as overview,
        null as tagline,
        null as homepage,
        imdb_titles.language,
        imdb_titles.region as country,
        imdb_titles.position
    from imdb_titles

)

select
    -- ids
    titles.show_id,

    -- text
    titles.title,
    titles.title_type,
    titles.overview,
    titles.tagline,
    titles.homepage,

    -- codes
    titles.source,
    titles.title_kind,
    titles.language,
    titles.country,

    -- measures
    titles.position
from titles
inner join shows -- drops titles of series whose details never landed
    on titles.show_id = shows.show_id
