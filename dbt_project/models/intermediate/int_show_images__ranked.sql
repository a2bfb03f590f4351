{{ config(
    unique_key=['show_id', 'image_id'],
    indexes=[
        {'columns': ['show_id', 'image_id'], 'unique': true},
        {'columns': ['image_id']},
        {'columns': ['(show_id::text)'], 'type': 'hash'},
    ],
    meta={'replace_by': 'show_id', 'exists_in': ['shows']},
) }}

with

shows as (

    select * from {{ ref('shows') }} where {{ is_changed('show_id') }}

),

images as (

    {{ show_images() }}

)

select
    images.image_id,
    images.show_id,
    images.file_path,
    images.kind,
    images.language,
    images.rank = 1 as is_primary,
    images.rank::integer as rank,
    images.width,
    images.height,
    images.aspect_ratio,
    images.vote_average,
    images.vote_count
from images
inner join shows -- drops images of series whose details never landed
    on images.show_id = shows.show_id
