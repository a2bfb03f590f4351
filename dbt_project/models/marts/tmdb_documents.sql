{{ config(materialized='view', pre_hook=[], post_hook=[]) }}

-- What TMDb answered is no entity, so core has nothing of it to tell: this reads staging. A view,
-- since a copy would double what was landed; ask it by `resource` and `document_key`.
with

answers as (

    select * from {{ ref('stg_tmdb__answers') }}

),

-- for paths into JSON, where an id may be text
hidden as (

    select
        jsonb_build_object(
            'ids',
            coalesce(jsonb_agg(people.tmdb_person_id), '[]')
            || coalesce(jsonb_agg(people.tmdb_person_id::text), '[]')
        ) as ids
    from ({{ hidden_people() }}) as people

),

shown as (

    select
        answers.resource,
        answers.document_key,
        answers.fetched_at,
        {{ without_hidden_people('answers', 'hidden.ids') }} as document
    from answers
    cross join hidden -- one row
    where
        -- a person's own documents
        not (
            answers.resource like 'tmdb_person_%'
            and hidden.ids -> 'ids' @> to_jsonb(answers.document_key)
        )
        and not (answers.resource = 'tmdb_person_details' and answers.payload @> '{"adult": true}')

)

select
    -- ids
    shown.resource,
    shown.document_key,

    -- text
    shown.document,
    {{ tmdb_list_item('shown') }} as list_item,

    -- times
    shown.fetched_at
from shown
