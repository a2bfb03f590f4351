{{ config(
    unique_key='show_crew_id',
    indexes=[
        {'columns': ['show_crew_id'], 'unique': true},
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

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

people as (select * from {{ ref('people') }}),

-- everyone over all seasons, with the episodes of each job
overall as (

    select distinct on (show_id, tmdb_person_id, department, job, credit_id)
        show_id,
        tmdb_person_id,
        department,
        job,
        episode_count,
        'tmdb_tv_aggregate_credits' as source
    from {{ ref('stg_tmdb__aggregate_crew') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null
    order by show_id, tmdb_person_id, department, job, credit_id, position, credit_position

),

current_crew as (

    select
        show_id,
        tmdb_person_id,
        department,
        job,
        null::integer as episode_count,
        'tmdb_tv_credits' as source
    from {{ ref('stg_tmdb__crew') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null

),

-- named by the series itself, under the department and the job that TMDb's credits give creators
creators as (

    select
        show_id,
        tmdb_person_id,
        'Crew' as department,
        'Creator' as job,
        null::integer as episode_count,
        'tmdb_tv_details' as source
    from {{ ref('stg_tmdb__show_creators') }}
    where {{ is_changed('show_id') }} and tmdb_person_id is not null

),

credits as (

    select
        credited.show_id,
        {{ person_id('credited.tmdb_person_id') }} as person_id,
        credited.tmdb_person_id,
        credited.department,
        credited.job,
        sum(credited.episode_count)::integer as episode_count,
        array_agg(distinct credited.source order by credited.source) as sources
    from (
        select * from overall
        union all
        select * from current_crew
        union all
        select * from creators
    ) as credited
    group by
        credited.show_id,
        credited.tmdb_person_id,
        credited.department,
        credited.job

)

select
    -- ids
    {{ entity_id(
        "credits.show_id || '/crew/' || credits.person_id || '/' || " ~ key_part('credits.department')
        ~ " || '/' || " ~ key_part('credits.job')
    ) }} as show_crew_id,
    credits.show_id,
    credits.person_id,
    credits.tmdb_person_id,

    -- codes
    credits.department,
    credits.job,
    credits.sources,

    -- measures
    credits.episode_count
from credits
inner join shows -- drops credits of series whose details never landed
    on credits.show_id = shows.show_id
inner join people -- drops people who are suppressed
    on credits.person_id = people.person_id
