{{ config(
    unique_key=['show_id', 'title_kind', 'position'],
    indexes=[{'columns': ['show_id', 'title_kind', 'position'], 'unique': true}],
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

titles as (

    select
        alternative_titles.show_id,
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
    titles.title_kind,
    titles.language,
    titles.country,

    -- measures
    titles.position
from titles
inner join shows -- drops titles of series whose details never landed
    on titles.show_id = shows.show_id
