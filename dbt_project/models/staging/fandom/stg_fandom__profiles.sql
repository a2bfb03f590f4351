with

versions as (

    select * from {{ at_horizon(source('fandom', 'fandom_profiles')) }}

),

documents as (

    select
        versions.key,
        versions.fetched_at,
        versions.load_id,
        document.*
    from versions
    cross join lateral {{ record(
        'versions.payload',
        ['title', 'url', 'revision', 'name', 'full_name', 'birth_date', 'birth_date_text',
         'death_date', 'birth_place', 'gender', 'residence', 'hometown', 'occupation',
         'parser_version'],
        ['kinds', 'categories', 'fields', 'relatives', 'taglines', 'seats', 'trivia', 'images'],
    ) }}
    where not versions.is_tombstone

)

select
    -- ids
    documents.key as page_key,
    split_part(documents.key, '/', 1) as wiki,
    {{ to_integer("split_part(documents.key, '/', 2)") }} as page_id,

    -- text
    {{ to_text('documents.title') }} as title,
    {{ to_text('documents.url') }} as url,
    {{ to_text('documents.name') }} as name,
    {{ to_text('documents.full_name') }} as full_name,
    {{ to_text('documents.birth_date_text') }} as birth_date_text,
    {{ to_text('documents.birth_place') }} as birth_place,
    {{ to_text('documents.residence') }} as residence,
    {{ to_text('documents.hometown') }} as hometown,
    {{ to_text('documents.occupation') }} as occupation,
    {{ to_text_array('documents.trivia') }} as trivia,
    {{ to_text_array('documents.categories') }} as categories,
    {{ to_array('documents.relatives') }} as relatives,
    {{ to_array('documents.taglines') }} as taglines,
    {{ to_array('documents.seats') }} as seats,
    {{ to_array('documents.images') }} as images,
    coalesce(documents.fields, '{}'::jsonb) as infobox,

    -- codes
    {{ to_text_array('documents.kinds') }} as kinds,
    {{ to_text('documents.gender') }} as gender,

    -- measures
    {{ to_integer('documents.revision') }} as revision,
    {{ to_integer('documents.parser_version') }} as parser_version,
    {{ to_integer('left(documents.birth_date, 4)') }} as birth_year,

    -- dates; one of which only the year or the month is known is none
    {{ to_date('documents.birth_date') }} as birth_date,
    {{ to_date('documents.death_date') }} as death_date,

    -- metadata
    documents.fetched_at,
    documents.load_id as _load_id
from documents
