with

-- The list is ours to fill, a line each:
-- ('tmdb:tv:1396', 'imdb', 'tt0903747', true, 'TMDb has it the wrong way round'),
listed (natural_key, source, external_id, is_assigned, reason) as (

    values
    (null::text, null::text, null::text, null::boolean, null::text)

)

select
    -- ids
    {{ entity_id('listed.natural_key') }} as entity_id,
    listed.external_id,

    -- text
    listed.natural_key,
    listed.reason,

    -- codes
    listed.source,

    -- booleans
    listed.is_assigned
from listed
where listed.natural_key is not null
