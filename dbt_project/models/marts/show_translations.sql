{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- TMDb leaves a translation's title empty where it is that of the original.
with

titles as (

    select * from {{ ref('show_titles') }} where title_kind = 'translation'

),

shows as (

    select * from {{ ref('shows') }}

)

select
    -- ids
    titles.show_id,

    -- text
    coalesce(
        titles.title,
        case when titles.language = shows.original_language then shows.original_name end
    ) as name,
    titles.overview as description,
    titles.tagline,

    -- codes
    titles.language,
    titles.country,

    -- measures
    titles.position
from titles
inner join shows on titles.show_id = shows.show_id -- every title's show stands there
