{#- Images: their ids, and which one of several stands for its owner. -#}

{#- An image is told by its owner's natural key, its source and its path there. -#}
{% macro image_id(owner_key, file_path) -%}
{{ entity_id(owner_key ~ " || '/tmdb' || " ~ file_path) }}
{%- endmacro %}

{#-
    What a receipt's key says: the show that the image is of or belongs to, and which season or episode of it.
-#}
{% macro receipt_show_id(key) -%}
case
    when {{ key }} ~ '^(show_[a-z]+|season_posters|episode_stills)/[0-9]{1,9}/'
        then md5('tmdb:tv:' || split_part({{ key }}, '/', 2))::uuid
end
{%- endmacro %}

{% macro receipt_number(key, beginning) -%}
substring({{ key }} from '^{{ beginning }}([0-9]{1,9})/')::integer
{%- endmacro %}

{#- English, then without language, then others; then by votes: the order in which images stand for their owner. -#}
{% macro image_order(images) -%}
case when {{ images }}.language = 'en' then 0 when {{ images }}.language is null then 1 else 2 end,
{{ images }}.vote_count desc nulls last,
{{ images }}.vote_average desc nulls last,
{{ images }}.width desc nulls last,
{{ images }}.file_path
{%- endmacro %}

{#-
    Images of changed shows, one row per file, ranked within their kind: those that are listed, then the poster and the
    backdrop that the details name, where no list holds them. A file in two lists is of the kind that comes first.
    A macro and no model, since `shows` needs the ranks as well and must be buildable from the staging views alone.
-#}
{% macro show_images() -%}
select
    images.*,
    {{ image_id("'tmdb:tv:' || images.tmdb_id", 'images.file_path') }} as image_id,
    row_number() over (
        partition by images.show_id, images.kind
        order by images.is_listed desc, {{ image_order('images') }}
    ) as rank
from (
    select distinct on (candidates.show_id, candidates.file_path) candidates.*
    from (
        select
            listed.show_id,
            listed.tmdb_id,
            listed.file_path,
            listed.kind,
            listed.language,
            listed.width,
            listed.height,
            listed.aspect_ratio,
            {{ voted('listed.vote_average', 'listed.vote_count') }} as vote_average,
            listed.vote_count,
            listed.position,
            true as is_listed
        from {{ ref('stg_tmdb__show_images') }} as listed
        where {{ is_changed('listed.show_id') }} and listed.file_path is not null
        union all
        select
            details.show_id,
            details.tmdb_id,
            shown.file_path,
            shown.kind,
            null as language,
            null as width,
            null as height,
            null as aspect_ratio,
            null as vote_average,
            null as vote_count,
            null as position,
            false as is_listed
        from {{ ref('stg_tmdb__shows') }} as details
        cross join
            lateral (
                values ('poster', details.poster_path), ('backdrop', details.backdrop_path)
            ) as shown (kind, file_path)
        where {{ is_changed('details.show_id') }} and shown.file_path is not null
    ) as candidates
    order by
        candidates.show_id,
        candidates.file_path,
        candidates.is_listed desc,
        array_position(array['poster', 'backdrop', 'logo'], candidates.kind),
        candidates.position
) as images
{%- endmacro %}

{#- The ids of the images that stand for a show, one column per kind. -#}
{% macro primary_images() -%}
select
    images.show_id
    {%- for kind in ('poster', 'backdrop', 'logo') %},
    (array_agg(images.image_id) filter (where images.kind = '{{ kind }}'))[1] as primary_{{ kind }}_image_id
    {%- endfor %}
from ({{ show_images() }}) as images
where images.rank = 1
group by images.show_id
{%- endmacro %}
