with

versions as (

    select * from {{ at_horizon(source('fandom', 'fandom_pages')) }}

),

answers as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.parse
    from versions
    cross join lateral {{ record('versions.payload', [], ['parse']) }}
    where not versions.is_tombstone

),

pages as (

    select
        answers.key,
        answers.fetched_at,
        answers.load_id,
        nested.*
    from answers
    cross join lateral {{ nested_record('answers.parse', ['title', 'revid', 'text']) }}

)

select
    -- ids
    pages.key as page_key,
    split_part(pages.key, '/', 1) as wiki,
    {{ to_integer("split_part(pages.key, '/', 2)") }} as page_id,

    -- text
    {{ to_text('pages.title') }} as title,
    pages.text as html,

    -- measures
    {{ to_integer('pages.revid') }} as revision,

    -- metadata
    pages.fetched_at,
    pages.load_id as _load_id
from pages
