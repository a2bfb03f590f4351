{{ config(
    unique_key=['show_id', 'first_seen_at'],
    indexes=[{'columns': ['show_id', 'first_seen_at'], 'unique': true}],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

versions as (

    select * from {{ ref('stg_tmdb__show_versions') }} where {{ is_changed('show_id') }}

),

-- a tombstone belongs to the last answer before it
answered as (

    select
        versions.*,
        count(*) filter (where not versions.is_gone) over (
            partition by versions.show_id order by versions._load_id
        ) as answer_number
    from versions

),

-- what is gone keeps what was last known of it
said as (

    select
        answered.show_id,
        not answered.is_gone as is_active,
        answered.purged_at,
        first_value(answered.status) over answer as status,
        first_value(answered.is_in_production) over answer as is_in_production,
        answered.fetched_at,
        answered._load_id
    from answered
    window answer as (
        partition by answered.show_id, answered.answer_number order by answered._load_id
    )

),

changes as (

    select
        said.*,
        {{ is_news(
            'said', ['status', 'is_in_production', 'is_active', 'purged_at'],
        ) }} as is_change
    from said

),

periods as (

    select
        changes.*,
        lead(changes.fetched_at) over (
            partition by changes.show_id order by changes._load_id
        ) as last_seen_at
    from changes
    where changes.is_change

),

stays as (

    select
        changes.show_id,
        changes.status as tmdb_status,
        changes.is_in_production,
        changes.is_active,
        changes.fetched_at as first_seen_at,
        changes.last_seen_at
    from periods as changes
    where
        changes.purged_at is null
        -- of two answers of one instant the later holds
        and (changes.last_seen_at is null or changes.last_seen_at > changes.fetched_at)

),

told as ({{ stays_through_purge(
    'versions', 'stays', ['tmdb_status', 'is_in_production', 'is_active'],
) }})

select
    -- ids
    told.show_id,

    -- codes
    told.tmdb_status,

    -- booleans
    told.is_in_production,
    told.is_active,
    told.last_seen_at is null as is_current,

    -- times
    told.first_seen_at,
    told.last_seen_at
from told
inner join shows -- drops series whose details never landed
    on told.show_id = shows.show_id
