{{ config(
    unique_key='show_id',
    indexes=[
        {'columns': ['show_id'], 'unique': true},
        {'columns': ['tmdb_id']},
        {'columns': ['imdb_id']},
        {'columns': ['name', 'show_id']},
        {'columns': ['name desc nulls last', 'show_id']},
        {'columns': ['tmdb_popularity', 'show_id']},
        {'columns': ['tmdb_popularity desc nulls last', 'show_id']},
        {'columns': ['premiere_date', 'show_id']},
        {'columns': ['premiere_date desc nulls last', 'show_id']},
        {'columns': ['last_aired_date', 'show_id']},
        {'columns': ['last_aired_date desc nulls last', 'show_id']},
        {'columns': ['tmdb_vote_average', 'show_id']},
        {'columns': ['tmdb_vote_average desc nulls last', 'show_id']},
        {'columns': ['tmdb_status']},
        {'columns': ['network_ids'], 'type': 'gin'},
        {'columns': ['company_ids'], 'type': 'gin'},
        {'columns': ['genres'], 'type': 'gin'},
        {'columns': ['origin_countries'], 'type': 'gin'},
        {'columns': ['provider_regions'], 'type': 'gin'},
        {'columns': ['providers'], 'type': 'gin'},
    ],
    post_hook="{{ index_by_trigrams('search_text') }}",
    meta={
        'replace_by': 'show_id',
        'through': {
            'networks': 'show_networks',
            'production_companies': 'show_production_companies',
            'watch_providers': 'show_watch_providers',
        },
    },
) }}

with

shows as (select * from {{ ref('shows') }} where {{ is_changed('show_id') }}),

titles as (

    select
        show_titles.show_id,
        show_titles.title,
        false as is_name
    from {{ ref('show_titles') }} as show_titles
    where {{ is_changed('show_titles.show_id') }}
    union all
    select
        shows.show_id,
        named.name as title,
        true as is_name
    from shows
    cross join lateral (values (shows.name), (shows.original_name)) as named (name)

),

-- sources list many a title alike; with its signs left out it is another line where it differs
lines as (

    select
        titles.show_id,
        folded.line,
        bool_or(titles.is_name) as is_name
    from titles
    cross join
        lateral (
            values ({{ to_search_text('titles.title') }}), ({{ to_joined_text('titles.title') }})
        ) as folded (line)
    where folded.line <> ''
    group by titles.show_id, folded.line

),

-- each title on a line and between two spaces, an empty line after the names: so words and whole
-- titles are found by what stands around them
search_texts as (

    select
        lines.show_id,
        concat(
            e'\n',
            string_agg(' ' || lines.line || e' \n', '' order by lines.line)
            filter (where lines.is_name),
            e'\n',
            string_agg(' ' || lines.line || e' \n', '' order by lines.line)
            filter (where not lines.is_name)
        ) as search_text
    from lines
    group by lines.show_id

),

networks as ({{ owners_by_show('show_networks', 'networks', 'network_id') }}),

companies as ({{ owners_by_show(
    'show_production_companies', 'production_companies', 'production_company_id',
) }}),

seasons as ({{ seasons_by_show() }}),

hosted as ({{ hosted_by_show() }}),

offers as ({{ offers_by_show() }}),

streaming as ({{ streaming_providers() }}),

providers as ({{ providers_by_show() }}),

documents as (

    select
        shows.*,
        coalesce(offers.regions, '{}') as provider_regions,
        coalesce(providers.providers, '{}') as providers,
        coalesce(search_texts.search_text, '') as search_text,
        {{ show_summary_json('shows') }} as summary,
        {{ show_detail_json('shows') }} as document,
        coalesce(seasons.seasons, '[]'::json)::text as seasons
    from shows
    left join search_texts on shows.show_id = search_texts.show_id -- 1:1, none without any title
    left join networks on shows.show_id = networks.show_id -- 1:1
    left join companies on shows.show_id = companies.show_id -- 1:1
    left join seasons on shows.show_id = seasons.show_id -- 1:1
    left join hosted on shows.show_id = hosted.show_id -- 1:1
    left join offers on shows.show_id = offers.show_id -- 1:1
    left join streaming on shows.show_id = streaming.show_id -- 1:1
    left join providers on shows.show_id = providers.show_id -- 1:1

)

select
    -- ids
    documents.show_id,
    documents.tmdb_id,
    documents.imdb_id,

    -- text
    documents.name,
    documents.search_text,
    documents.summary,
    documents.document,
    documents.seasons,
    md5(documents.document) as etag,
    md5(documents.seasons) as seasons_etag,

    -- codes
    documents.tmdb_status,
    documents.genres,
    documents.tmdb_network_ids as network_ids,
    documents.tmdb_production_company_ids as company_ids,
    documents.origin_countries,
    documents.provider_regions,
    documents.providers,

    -- booleans
    documents.is_active,
    documents.is_adult,

    -- measures
    documents.tmdb_popularity,
    documents.tmdb_vote_average,

    -- dates
    documents.premiere_date,
    documents.most_recent_episode_air_date as last_aired_date
from documents
