-- A load may bring documents, give payloads up, or take an earlier load back. What it does to a version is marked
-- with its number, so that a build finds what changed after its horizon the same way for all of them.

alter table raw.loads
    add column kind text not null default 'landing' check (kind in ('landing', 'purge', 'take_back')),
    add column takes_back bigint,
    add column taken_back_by bigint;

comment on table raw.loads is
    'One row per committed batch that brought, purged or took back something; load_id order is commit order.';
comment on column raw.loads.resources is
    'Per resource: {"checked": n, "landed": n, "tombstones": n}, {"purged": n} or {"taken_back": n, "restored": n}.';
comment on column raw.loads.takes_back is 'The load that this one took back.';

create function raw.add_marks(table_name text) returns void
language plpgsql as $$
begin
    execute format(
        'alter table raw.%1$I'
        ' add column purged_by bigint, add column taken_back_by bigint, add column restored_from bigint',
        table_name
    );
    -- The load that emptied it; the load that took it back; the load that its content first came with.
    execute format(
        'create index %2$I on raw.%1$I (purged_by) where purged_by is not null',
        table_name, table_name || '_purged_by'
    );
    execute format(
        'create index %2$I on raw.%1$I (taken_back_by) where taken_back_by is not null',
        table_name, table_name || '_taken_back_by'
    );
    execute format(
        'create index %2$I on raw.%1$I (restored_from) where restored_from is not null',
        table_name, table_name || '_restored_from'
    );
    -- Whose payloads are still there to be purged: what was purged long ago is not looked at every night.
    execute format(
        'create index %2$I on raw.%1$I (superseded_by) where superseded_by is not null and payload is not null',
        table_name, table_name || '_purgeable'
    );
end
$$;

do $$
declare
    held text;
begin
    for held in
        select table_name::text from information_schema.columns
        where table_schema = 'raw' and column_name = 'payload_hash'
    loop
        perform raw.add_marks(held);
    end loop;
end
$$;

alter function raw.create_resource_table (text, text) rename to create_version_table;

create function raw.create_resource_table(table_name text, entity text) returns void
language plpgsql as $$
begin
    perform raw.create_version_table(table_name, entity);
    perform raw.add_marks(table_name);
end
$$;
