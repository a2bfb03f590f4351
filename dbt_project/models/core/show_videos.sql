{{ config(
    unique_key=['show_id', 'video_id'],
    indexes=[{'columns': ['show_id', 'video_id'], 'unique': true}],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

listed as (

    {{ first_listed(
        ref('stg_tmdb__show_videos'),
        ['video_id'],
        [
            'site_key', 'name', 'site', 'video_type', 'language', 'country', 'is_official', 'size',
            'position', 'published_at',
        ],
    ) }}

)

select
    -- ids
    listed.show_id,
    listed.video_id,
    listed.site_key,

    -- text
    listed.name,
    -- a key that is no plain id would lead elsewhere
    case
        when listed.site = 'YouTube' and listed.site_key ~ '^[A-Za-z0-9_-]{1,64}$'
            then 'https://www.youtube.com/watch?v=' || listed.site_key
        when listed.site = 'Vimeo' and listed.site_key ~ '^[0-9]{1,20}$'
            then 'https://vimeo.com/' || listed.site_key
    end as url,

    -- codes
    listed.site,
    listed.video_type,
    listed.language,
    listed.country,

    -- booleans
    listed.is_official,

    -- measures
    listed.size,
    listed.position,

    -- times
    listed.published_at
from listed
inner join shows -- drops videos of series whose details never landed
    on listed.show_id = shows.show_id
