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
        nested.search,
        nested.pages
    from answers
    cross join lateral {{ nested_record('answers.query', [], ['search', 'pages']) }}

),

hits as (

    select
        lists.key,
        lists.fetched_at,
        lists.load_id,
        element.*
    from lists
    cross join lateral {{ records('lists.search', ['pageid', 'title']) }}

),

titled as (

    select
        lists.key,
        lists.fetched_at,
        lists.load_id,
        element.*
    from lists
    cross join lateral {{ records('lists.pages', ['pageid', 'title']) }}
    where element.pageid is not null -- drops titles that no page has

),

found as (

    select * from hits
    union all -- a document has one of them
    select * from titled

)

select
    -- ids
    split_part(found.key, '/', 1) || '/' || {{ to_integer('found.pageid') }} as page_key,
    split_part(found.key, '/', 1) as wiki,

    -- text
    split_part(found.key, '/', 3) as searched_name,
    {{ to_text('found.title') }} as title,

    -- codes
    split_part(found.key, '/', 2) as kind,

    -- measures
    found.position::integer as position,

    -- metadata
    found.fetched_at,
    found.load_id as _load_id
from found
