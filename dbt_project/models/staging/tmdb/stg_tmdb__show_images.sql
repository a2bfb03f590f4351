with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_tv_images')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['posters', 'backdrops', 'logos']) }}

),

elements as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        image_list.kind,
        element.*
    from documents
    cross join
        lateral (
            values
            ('poster', documents.posters),
            ('backdrop', documents.backdrops),
            ('logo', documents.logos)
        ) as image_list (kind, images)
    cross join lateral {{ records(
        'image_list.images',
        ['file_path', 'file_type', 'iso_639_1', 'width', 'height', 'aspect_ratio', 'vote_average',
         'vote_count'],
    ) }}

)

select
    -- ids
    {{ show_id_of_key('elements.key') }} as show_id,
    {{ to_integer("split_part(elements.key, '/', 1)") }} as tmdb_id,

    -- text
    {{ to_text('elements.file_path') }} as file_path,

    -- codes
    elements.kind,
    {{ to_text('elements.file_type') }} as file_type,
    nullif({{ to_text('elements.iso_639_1') }}, 'xx') as language,

    -- measures
    {{ to_integer('elements.width') }} as width,
    {{ to_integer('elements.height') }} as height,
    {{ to_number('elements.aspect_ratio') }} as aspect_ratio,
    {{ to_number('elements.vote_average') }} as vote_average,
    {{ to_integer('elements.vote_count') }} as vote_count,
    elements.position::integer as position,

    -- metadata
    elements.fetched_at,
    elements.load_id as _load_id,
    {{ bad_fields(
        'elements',
        integers=['width', 'height', 'vote_count'],
        numbers=['aspect_ratio', 'vote_average'],
        texts=['file_path'],
    ) }} as _bad_fields

from elements
