{{ config(
    unique_key=['show_id', 'region', 'offer_type', 'provider_id', 'first_seen_at'],
    indexes=[
        {
            'columns': ['show_id', 'region', 'offer_type', 'provider_id', 'first_seen_at'],
            'unique': true,
        },
        {'columns': ['provider_id']},
    ],
    meta={'replace_by': 'show_id', 'logs': ['provider_id'], 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

versions as (

    select
        versions.show_id,
        versions._load_id,
        versions.fetched_at,
        versions.purged_at,
        versions.is_gone,
        row_number() over (
            partition by versions.show_id order by versions._load_id
        ) as version_number,
        lead(versions.fetched_at) over (
            partition by versions.show_id order by versions._load_id
        ) as next_fetched_at
    from {{ last_of_each_instant(ref('stg_tmdb__watch_provider_versions')) }} as versions
    where {{ is_changed('versions.show_id') }}

),

offers as (

    select distinct -- one provider may stand twice under one offer of one version
        offers.show_id,
        offers.region,
        offers.offer_type,
        offers.provider_id,
        offers._load_id
    from {{ ref('stg_tmdb__show_watch_provider_history') }} as offers
    where
        {{ is_changed('offers.show_id') }}
        and offers.region is not null
        and offers.provider_id is not null

),

-- versions in a row that hold the offer share the difference of the two numberings
sightings as (

    select
        offers.show_id,
        offers.region,
        offers.offer_type,
        offers.provider_id,
        versions.version_number,
        versions.fetched_at,
        versions.next_fetched_at,
        versions.version_number - row_number() over (
            partition by offers.show_id, offers.region, offers.offer_type, offers.provider_id
            order by versions.version_number
        ) as stay
    from offers
    inner join versions -- drops what an answer of the same instant took the place of
        on offers.show_id = versions.show_id and offers._load_id = versions._load_id

),

stays as (

    select
        sightings.show_id,
        sightings.region,
        sightings.offer_type,
        sightings.provider_id,
        min(sightings.fetched_at) as first_seen_at,
        (
            array_agg(sightings.next_fetched_at order by sightings.version_number desc)
        )[1] as last_seen_at
    from sightings
    group by
        sightings.show_id, sightings.region, sightings.offer_type, sightings.provider_id,
        sightings.stay

),

told as ({{ stays_through_purge(
    'versions', 'stays', ['region', 'offer_type', 'provider_id'],
) }})

select
    -- ids
    told.show_id,
    told.provider_id,

    -- codes
    told.region,
    told.offer_type,

    -- booleans
    told.first_seen_at = firsts.fetched_at as is_from_start,
    told.last_seen_at is null as is_current,

    -- times
    told.first_seen_at,
    told.last_seen_at
from told
inner join shows -- drops offers of series whose details never landed
    on told.show_id = shows.show_id
inner join versions as firsts -- 1:1, every stay has its show's first version
    on told.show_id = firsts.show_id and firsts.version_number = 1
