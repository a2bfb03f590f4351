{{ config(
    unique_key='word',
    indexes=[{'columns': ['word'], 'unique': true}],
    post_hook="{{ index_by_trigrams('word') }}",
    meta={'replace_by': 'word'},
) }}

with

show_words as (

    select * from {{ ref('show_words') }} where {{ is_changed('word') }}

)

select
    -- text
    show_words.word,

    -- measures
    count(*)::integer as show_count
from show_words
group by show_words.word
