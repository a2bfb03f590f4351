select
    -- ids
    fetches.resource,
    fetches.key,

    -- text
    fetches.error,

    -- codes
    split_part(fetches.resource, '_', 1) as source,
    fetches.status,

    -- measures
    fetches.attempts,

    -- times
    fetches.last_checked_at,
    fetches.last_changed_at,
    fetches.last_failed_at,
    fetches.next_due_at

from {{ source('books', 'fetches') }} as fetches
