with

versions as (

    select * from {{ at_horizon(source('tmdb', 'tmdb_network_images')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record('versions.payload', [], ['logos']) }}

),

elements as (

    select
        documents.key,
        documents.fetched_at,
        documents.load_id,
        element.*
    from documents
    cross join lateral {{ records(
        'documents.logos',
        ['file_path', 'file_type', 'width', 'height', 'aspect_ratio', 'vote_average',
         'vote_count'],
    ) }}

)

select
    -- ids
    {{ to_integer("split_part(elements.key, '/', 1)") }} as network_id,

    -- text
    {{ to_text('elements.file_path') }} as file_path,

    -- codes
    {{ to_text('elements.file_type') }} as file_type,

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
