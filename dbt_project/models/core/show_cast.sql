{{ config(
    unique_key='show_cast_id',
    indexes=[
        {'columns': ['show_cast_id'], 'unique': true},
        {'columns': ['show_id']},
        {'columns': ['person_id']},
    ],
    meta={
        'replace_by': 'show_id',
        'exists_in': ['shows', 'people'],
        'through': {'people': 'int_people__mentioned'},
    },
) }}

-- depends_on: {{ ref('int_people__mentioned') }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

people as not materialized (

    select * from {{ ref('people') }}

),

-- everyone over all seasons, with the episodes of each role
overall as (

    select distinct on (show_id, tmdb_person_id, character, credit_id)
        show_id,
        tmdb_person_id,
        character,
        billing_order,
        episode_count,
        'tmdb_tv_aggregate_credits' as source
    from {{ ref('stg_tmdb__aggregate_cast') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null
    order by show_id, tmdb_person_id, character, credit_id, position, credit_position

),

-- the main cast of today
current_main as (

    select distinct on (show_id, tmdb_person_id, character, credit_id)
        show_id,
        tmdb_person_id,
        character,
        billing_order,
        null::integer as episode_count,
        'tmdb_tv_credits' as source
    from {{ ref('stg_tmdb__cast') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null
    order by show_id, tmdb_person_id, character, credit_id, position

),

-- the regulars of each season; their order within it means nothing beside that of the series
seasonal as (

    select distinct
        show_id,
        tmdb_person_id,
        character,
        null::integer as billing_order,
        null::integer as episode_count,
        'tmdb_tv_season_credits' as source
    from {{ ref('stg_tmdb__season_cast') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null

),

credits as (

    select
        credited.show_id,
        {{ known_person_id('credited.tmdb_person_id', 'credited.imdb_person_id') }} as person_id,
        credited.tmdb_person_id,
        credited.character,
        bool_or(credited.is_self) as is_self,
        bool_and(credited.is_archive_footage) as is_archive_footage,
        min(credited.billing_order) as billing_order,
        sum(credited.episode_count)::integer as episode_count,
        array_agg(distinct credited.source order by credited.source) as sources
    from (
        {{ credits_of_all_sources('overall', 'current_main', 'seasonal', 'shows', 'people') }}
    ) as credited
    group by
        credited.show_id,
        credited.tmdb_person_id,
        credited.imdb_person_id,
        credited.character

)

select
    -- ids
    {{ entity_id(
        "credits.show_id || '/cast/' || credits.person_id || '/' || coalesce(credits.character, '')"
    ) }} as show_cast_id,
    credits.show_id,
    credits.person_id,
    credits.tmdb_person_id,

    -- text
    credits.character,

    -- codes
    case when credits.is_self then 'Self' else 'Actor' end as credit_category,
    credits.sources,

    -- booleans
    credits.is_archive_footage,
    'tmdb_tv_credits' = any(credits.sources) as is_main_cast,

    -- measures
    credits.billing_order,
    credits.episode_count
from credits
inner join shows -- drops credits of series whose details never landed
    on credits.show_id = shows.show_id
inner join people -- drops people who are suppressed
    on credits.person_id = people.person_id
