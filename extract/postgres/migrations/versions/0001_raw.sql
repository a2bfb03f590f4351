-- The raw schema: what every source answered, unchanged, plus the books kept about it.
-- Resource tables are not listed here: `raw.create_resource_table` makes one for each entry of the registry.

create table raw.loads (
    load_id bigint primary key,
    run_id uuid not null,
    started_at timestamptz not null,
    committed_at timestamptz not null,
    checked_count integer not null,
    landed_count integer not null,
    rejected_count integer not null,
    resources jsonb not null
);

comment on table raw.loads is 'One row per committed batch that brought something new; load_id order is commit order.';
comment on column raw.loads.resources is 'Per resource: {"checked": n, "landed": n, "tombstones": n}.';

create sequence raw.load_ids owned by raw.loads.load_id;

create table raw.fetches (
    resource text not null,
    key text not null,
    status text not null check (status in ('ok', 'gone', 'failed')),
    attempts integer not null default 0,
    error text,
    last_checked_at timestamptz,
    last_changed_at timestamptz,
    last_failed_at timestamptz,
    next_due_at timestamptz not null,
    primary key (resource, key)
) with (fillfactor = 70);

comment on table raw.fetches is 'One row per resource and key: when it was asked for, what came back, when it is due.';
comment on column raw.fetches.attempts is 'Failures since the last success.';
comment on column raw.fetches.last_checked_at is 'The last answer of the source (a document or "gone"); failures do not count.';

create table raw.rejects (
    reject_id bigint generated always as identity primary key,
    resource text not null,
    key text not null,
    reason text not null,
    detail text not null,
    body_excerpt text not null,
    body_hash bytea not null,
    request text not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    seen_count integer not null default 1,
    unique (resource, key, reason, body_hash)
);

comment on table raw.rejects is 'Answers that were refused, with the reason; never part of a resource table.';
comment on column raw.rejects.body_excerpt is 'The first 200 characters, control characters replaced.';

create table raw.rate_gates (
    host text primary key,
    requests_per_second double precision not null,
    next_at timestamptz not null default '-infinity',
    pause_until timestamptz not null default '-infinity',
    last_cut_at timestamptz not null default '-infinity'
);

comment on table raw.rate_gates is 'One row per host, from which every process on every machine reserves its time slots.';

-- One shape for every resource. `entity` is the natural-key prefix of what the key's first part names
-- (`tmdb:tv:`, or nothing where the key holds it): the index on its UUID finds one entity's documents by the id
-- that the warehouse gives it.
create function raw.create_resource_table(table_name text, entity text) returns void
language plpgsql as $$
begin
    execute format($ddl$
        create table raw.%1$I (
            key text not null,
            payload jsonb compression lz4,
            payload_hash bytea,
            is_tombstone boolean not null default false,
            purged_at timestamptz,
            request text not null,
            fetched_at timestamptz not null,
            load_id bigint not null,
            superseded_by bigint,
            is_latest boolean generated always as (superseded_by is null) stored,
            primary key (key, load_id),
            check (is_tombstone = (payload_hash is null)),
            check (payload is not null or is_tombstone or purged_at is not null),
            check (jsonb_typeof(payload) = 'object')
        )
    $ddl$, table_name);
    execute format(
        'create unique index %2$I on raw.%1$I (key) where superseded_by is null',
        table_name, table_name || '_one_latest'
    );
    execute format('create index %2$I on raw.%1$I (load_id)', table_name, table_name || '_load_id');
    execute format(
        'create index %2$I on raw.%1$I (superseded_by) where superseded_by is not null',
        table_name, table_name || '_superseded_by'
    );
    execute format(
        'create index %2$I on raw.%1$I ((md5(%3$L || split_part(key, ''/'', 1))::uuid))',
        table_name, table_name || '_entity_id', entity
    );
end
$$;

-- The API reads as this role; without the right to create roles it reads as whoever DATABASE_URL names.
do $$
begin
    create role showhouse_reader nologin;
exception
    when duplicate_object then null;
    when insufficient_privilege then raise notice 'role showhouse_reader was not created: it needs CREATEROLE';
end
$$;
do $$
begin
    execute format('grant showhouse_reader to %I', current_user);
exception
    when undefined_object or insufficient_privilege then null;
end
$$;
