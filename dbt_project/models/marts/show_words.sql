{{ config(
    unique_key=['show_id', 'word'],
    indexes=[
        {'columns': ['show_id', 'word'], 'unique': true},
        {'columns': ['word', 'tmdb_popularity desc nulls last', 'show_id']},
    ],
    meta={'replace_by': 'show_id', 'logs': ['word']},
) }}

with

shows as (

    select * from {{ ref('show_documents') }} where {{ is_changed('show_id') }}

)

select
    -- ids
    shows.show_id,

    -- text
    left(listed.word, 64) as word, -- a title without spaces would not fit into an index

    -- measures
    shows.tmdb_popularity
from shows
cross join lateral {{ words_of('shows.search_text') }} as listed (word)
where listed.word <> ''
-- a title has a word twice, and several titles have the same one
group by shows.show_id, left(listed.word, 64), shows.tmdb_popularity
