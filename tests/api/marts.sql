-- The marts that the API reads, in the shape that dbt gives them.

create schema marts;
create extension if not exists pg_trgm;

create table marts.show_documents (
    show_id uuid primary key,
    tmdb_id integer unique,
    imdb_id text unique,
    name text,
    search_text text,
    premiere_date date,
    last_aired_date date,
    tmdb_popularity numeric,
    tmdb_status text,
    is_active boolean,
    is_adult boolean,
    genres text[],
    network_ids integer[],
    origin_countries text[],
    provider_regions text[],
    company_ids integer[],
    providers text[],
    tmdb_vote_average numeric,
    summary text,
    document text,
    seasons text,
    etag text,
    seasons_etag text
);

create index on marts.show_documents (name, show_id);

create table marts.show_words (
    show_id uuid,
    word text,
    tmdb_popularity numeric,
    primary key (show_id, word)
);

create table marts.title_words (
    word text primary key,
    show_count integer
);

create table marts.show_facets (
    value text,
    dimension text,
    show_count integer,
    adult_show_count integer,
    primary key (dimension, value)
);

create table marts.season_documents (
    season_id uuid primary key,
    show_id uuid,
    season_number integer,
    document text,
    episodes text,
    etag text,
    episodes_etag text,
    attribution text,
    unique (show_id, season_number)
);

create table marts.show_watch_provider_documents (
    show_id uuid,
    region text,
    document text,
    etag text,
    primary key (show_id, region)
);

create table marts.show_credit_documents (
    show_id uuid primary key,
    cast_members text,
    crew_members text,
    cast_etag text,
    crew_etag text,
    cast_attribution text
);

create table marts.show_watch_provider_history_documents (
    show_id uuid,
    region text,
    document text,
    etag text,
    primary key (show_id, region)
);

create table marts.show_completeness (
    show_id uuid primary key,
    name text,
    missing_facts text[],
    is_active boolean,
    completeness numeric,
    season_count integer,
    seasons_without_episodes_count integer,
    episode_count integer,
    episodes_without_title_count integer,
    episodes_without_overview_count integer,
    episodes_without_still_count integer,
    episodes_without_air_date_count integer,
    episodes_without_runtime_count integer,
    tmdb_fetched_at timestamptz
);

create table marts.show_freshness (
    show_id uuid,
    resource text,
    state text,
    season_number integer,
    attempts integer,
    last_checked_at timestamptz,
    last_changed_at timestamptz,
    next_due_at timestamptz
);

create table marts.network_documents (
    network_id integer primary key,
    name text,
    show_count integer,
    origin_country text,
    document text,
    etag text
);

create table marts.show_part_documents (
    show_id uuid,
    part text,
    document text,
    attribution text
);

create table marts.show_translations (
    show_id uuid,
    name text,
    description text,
    tagline text,
    language text,
    country text,
    position integer
);

create table marts.changes (
    change_id text primary key,
    entity_id text,
    build_id bigint,
    document text,
    kind text,
    part text
);

create table marts.change_windows (
    complete_since bigint,
    complete_until bigint
);

create table marts.person_documents (
    person_id uuid primary key,
    tmdb_id integer,
    imdb_id text,
    name text,
    search_text text,
    known_for_department text,
    popularity numeric,
    summary text,
    document text
);

create table marts.company_documents (
    production_company_id integer primary key,
    name text,
    origin_country text,
    document text
);

create table marts.watch_provider_documents (
    provider_id integer primary key,
    name text,
    display_priority integer,
    summary text,
    document text
);

create table marts.source_freshness (
    source text,
    resource text,
    held_count bigint,
    gone_count bigint,
    due_count bigint,
    overdue_count bigint,
    failing_count bigint,
    oldest_checked_at timestamptz,
    newest_checked_at timestamptz,
    last_changed_at timestamptz,
    attribution text,
    licence text,
    retention_days integer,
    known_count bigint,
    never_asked_count bigint,
    due_today_count bigint
);

create table marts.present_ids (
    alias_id uuid,
    entity_id uuid,
    entity_type text
);

create table marts.tmdb_documents (
    resource text,
    document_key text,
    document jsonb,
    list_item jsonb,
    fetched_at timestamptz,
    primary key (resource, document_key)
);

create table marts.tmdb_external_ids (
    external_id text,
    resource text,
    document_key text,
    external_source text
);

create table marts.tmdb_genres (
    genre_id integer primary key,
    name text
);

-- What the API must not see.
create schema if not exists raw;
create table raw.secrets (secret text);

do $$
begin
    create role showhouse_reader nologin;
exception
    when duplicate_object then null;
end
$$;

create table marts.network_stats (
    network_id integer primary key,
    name text,
    parent_company text,
    network_type text,
    origin_country text,
    genres text[],
    show_count integer,
    active_show_count integer,
    ended_show_count integer,
    episode_count integer,
    average_vote numeric,
    market_share numeric,
    renewal_rate numeric
);

create table marts.show_rankings (
    show_id uuid,
    name text,
    period text,
    is_new boolean,
    popularity_rank integer,
    previous_popularity_rank integer,
    rank_change integer,
    tmdb_popularity numeric,
    popularity_change numeric,
    tmdb_vote_count integer,
    vote_count_change integer,
    primary key (show_id, period)
);

create table marts.catalogue_trends (
    value text,
    largest_network text,
    dimension text,
    premiere_year integer,
    show_count integer,
    show_count_change integer,
    active_show_count integer,
    renewed_show_count integer,
    average_vote numeric,
    share_of_year numeric,
    network_concentration numeric,
    vertical_integration numeric,
    primary key (dimension, value, premiere_year)
);

create table marts.provider_availability (
    provider_id integer,
    provider_name text,
    region text,
    offer_type text,
    iso_week text,
    is_latest boolean,
    show_count integer,
    arrived_count integer,
    left_count integer,
    week_start_date date,
    primary key (provider_id, region, offer_type, week_start_date)
);

create table marts.show_trends (
    show_id uuid,
    name text,
    period text,
    period_name text,
    tmdb_status text,
    previous_tmdb_status text,
    is_latest boolean,
    has_new_status boolean,
    tmdb_popularity numeric,
    popularity_change numeric,
    tmdb_vote_average numeric,
    vote_average_change numeric,
    tmdb_vote_count integer,
    vote_count_change integer,
    period_start_date date,
    primary key (show_id, period, period_start_date)
);

create table marts.show_appearances (
    show_id uuid,
    person_id uuid,
    show_tmdb_id integer,
    person_tmdb_id integer,
    show_name text,
    person_name text,
    characters text[],
    sources text[],
    is_self boolean,
    is_archive_footage boolean,
    is_main_cast boolean,
    is_cast_as_self boolean,
    billing_order integer,
    season_numbers integer[],
    regular_season_numbers integer[],
    season_count integer,
    episode_count integer,
    listed_episode_count integer,
    stated_episode_count integer,
    archive_footage_episode_count integer,
    self_season_count integer,
    self_episode_count integer,
    minimum_episode_count integer,
    first_air_date date,
    last_air_date date,
    primary key (show_id, person_id)
);

create table marts.qualified_people (
    person_id uuid primary key,
    tmdb_id integer,
    imdb_id text,
    show_ids uuid[],
    name text,
    alternative_names text[],
    place_of_birth text,
    show_names text[],
    gender text,
    zodiac text,
    qualified_by text[],
    show_count integer,
    season_count integer,
    episode_count integer,
    most_season_count integer,
    most_episode_count integer,
    birthday date,
    first_air_date date,
    last_air_date date
);

create table marts.wwhl_episodes (
    episode_id uuid primary key,
    show_id uuid,
    show_tmdb_id integer,
    tmdb_episode_id integer,
    imdb_episode_id text,
    guest_ids uuid[],
    qualified_guest_ids uuid[],
    title text,
    guest_names text[],
    classification text,
    season_number integer,
    episode_number integer,
    guest_count integer,
    qualified_guest_count integer,
    air_date date
);

create table marts.wiki_pages (
    page_key text primary key,
    wiki text,
    page_id integer,
    title text,
    name text,
    full_name text,
    birth_date_text text,
    birth_place text,
    residence text,
    hometown text,
    occupation text,
    trivia text[],
    categories text[],
    relatives jsonb,
    taglines jsonb,
    seats jsonb,
    infobox jsonb,
    gender text,
    birth_year integer,
    birth_date date,
    death_date date,
    url text,
    revision integer,
    attribution text,
    fetched_at timestamptz
);

create table marts.show_details (
    show_id uuid primary key,
    name text,
    network text,
    studios text[],
    streaming_providers text[],
    genre text,
    subgenres text[],
    status text,
    tmdb_type text,
    order_type text,
    season_count integer,
    episode_count integer,
    premiere_date date,
    most_recent_episode_air_date date,
    next_episode_air_date date
);

create table marts.team_summary (
    show_id uuid primary key,
    creators text[],
    writers text[],
    directors text[],
    executive_producers text[],
    producers text[]
);

create table marts.schema_drift (
    drift_id text,
    source text,
    resource text,
    first_load_id bigint,
    json_path text,
    seen text,
    drift_kind text,
    document_count bigint,
    first_seen_at timestamptz,
    last_seen_at timestamptz
);

grant usage on schema marts to showhouse_reader;
grant select on all tables in schema marts to showhouse_reader;
