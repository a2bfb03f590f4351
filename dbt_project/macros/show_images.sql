{#- Images of shows: their ids, and which one stands for a show. -#}

{#- Ids of the image that stands for a show, per kind: English, then without language, then others; then by votes. -#}
{% macro primary_images() -%}
select
    ranked.show_id
    {%- for kind in ('poster', 'backdrop', 'logo') %},
    (array_agg(ranked.image_id) filter (where ranked.kind = '{{ kind }}'))[1] as primary_{{ kind }}_image_id
    {%- endfor %}
from (
    select distinct on (images.show_id, images.kind)
        images.show_id,
        images.kind,
        {{ show_image_id('images.tmdb_id', 'images.file_path') }} as image_id
    from {{ ref('stg_tmdb__show_images') }} as images
    where {{ is_changed('images.show_id') }} and images.file_path is not null
    order by
        images.show_id,
        images.kind,
        case when images.language = 'en' then 0 when images.language is null then 1 else 2 end,
        images.vote_count desc nulls last,
        images.vote_average desc nulls last,
        images.width desc nulls last,
        images.file_path
) as ranked
group by ranked.show_id
{%- endmacro %}

{% macro show_image_id(tmdb_id, file_path) -%}
{{ entity_id("'tmdb:tv:' || " ~ tmdb_id ~ " || '/tmdb' || " ~ file_path) }}
{%- endmacro %}
