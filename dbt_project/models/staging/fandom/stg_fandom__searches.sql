with

versions as (

    select * from {{ at_horizon(source('fandom', 'fandom_searches')) }}

),

answers as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.query
    from versions
    cross join lateral {{ record('versions.payload', [], ['query']) }}
    where not versions.is_tombstone

),

lists as (

    select
        answers.key,
        answers.fetched_at,
        answers.load_id,
        nested.search
    from answers
    cross join lateral {{ nested_record('answers.query', [], ['search']) }}

),

hits as (

    select
        lists.key,
        lists.fetched_at,
        lists.load_id,
        element.*
    from lists
    cross join lateral {{ records('lists.search', ['pageid', 'title']) }}

)

select
    -- ids
    split_part(hits.key, '/', 1) || '/' || {{ to_integer('hits.pageid') }} as page_key,
    split_part(hits.key, '/', 1) as wiki,

    -- text
    split_part(hits.key, '/', 3) as searched_name,
    {{ to_text('hits.title') }} as title,

    -- codes
    split_part(hits.key, '/', 2) as kind,

    -- measures
    hits.position::integer as position,

    -- metadata
    hits.fetched_at,
    hits.load_id as _load_id
from hits
