-- Roles belong to the whole server and take CREATEROLE to make. Who migrates without it is told which are missing;
-- once somebody has made them, the next migration gives them their rights. Logins are members of these:
--     create role ann login in role showhouse_analyst;

-- Makes what is missing where it may; gives the rights in `raw` where they are not given yet. Rights in the schemas
-- that dbt builds are given by the build. Returns the roles that are still missing.
create function raw.grant_rights() returns text[]
language plpgsql as $$
declare
    wanted constant text[] := array['showhouse_loader', 'showhouse_transformer', 'showhouse_reader', 'showhouse_analyst'];
    missing text[];
    wants text;
begin
    foreach wants in array wanted loop
        continue when to_regrole(wants) is not null;
        begin
            execute format('create role %I nologin', wants);
            execute format('grant %I to %I', wants, current_user);
        exception
            when duplicate_object or unique_violation or insufficient_privilege then null;
        end;
    end loop;
    select coalesce(array_agg(role order by role), '{}') into missing
    from unnest(wanted) as role where to_regrole(role) is null;

    if to_regrole('showhouse_loader') is not null and exists (
        select from pg_class
        where relnamespace = 'raw'::regnamespace and relkind in ('r', 'v')
            and not has_table_privilege('showhouse_loader', oid, 'select')
    ) then
        grant usage on schema raw to showhouse_loader;
        grant select, insert, update on all tables in schema raw to showhouse_loader;
        grant delete on raw.fetches, raw.rejects to showhouse_loader;
        grant usage on sequence raw.load_ids to showhouse_loader;
        revoke insert, update on raw.alembic_version, raw.suppressed_people from showhouse_loader;
    end if;
    if to_regrole('showhouse_transformer') is not null and exists (
        select from pg_class
        where relnamespace = 'raw'::regnamespace and relkind in ('r', 'v')
            and not has_table_privilege('showhouse_transformer', oid, 'select')
    ) then
        grant usage on schema raw to showhouse_transformer;
        grant select on all tables in schema raw to showhouse_transformer;
    end if;
    -- A right in the database itself: neither a template nor a backup hands it on.
    if to_regrole('showhouse_transformer') is not null
        and not has_database_privilege('showhouse_transformer', current_database(), 'create')
    then
        begin
            execute format('grant create on database %I to showhouse_transformer', current_database());
        exception
            when insufficient_privilege then null; -- the database is another's: its owner has to
        end;
    end if;
    return missing;
end
$$;
