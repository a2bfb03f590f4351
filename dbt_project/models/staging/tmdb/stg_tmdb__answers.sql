with

answers as (

    select * from {{ at_horizon(answered_versions(), finished_horizon(), also=['resource']) }}

)

select
    -- ids
    answers.resource,
    answers.key as document_key,

    -- documents
    {{ with_measures('answers', finished_horizon()) }} as payload,

    -- metadata
    answers.fetched_at,
    answers.load_id as _load_id
from answers
where not answers.is_tombstone
