{#-
    Post-hook: an index for `like '%…%'`, where this Postgres has pg_trgm and we may use it; elsewhere a search reads
    every row (at 20,000 shows about 100 ms). Found by its operators, not by name: during a full refresh the table that
    is being replaced still holds its own.
-#}
{% macro index_by_trigrams(column) -%}
do $$
declare
    extension_schema text;
begin
    if exists (select from pg_available_extensions where name = 'pg_trgm') then
        begin
            create extension if not exists pg_trgm;
        exception
            when insufficient_privilege then null;
            when unique_violation or duplicate_object then null; -- another model has just made it
        end;
    end if;
    select namespaces.nspname into extension_schema
    from pg_extension as extensions
    inner join pg_namespace as namespaces on extensions.extnamespace = namespaces.oid
    where extensions.extname = 'pg_trgm';
    if extension_schema is not null and not exists (
        select from pg_index as indexes
        inner join pg_opclass as operators on operators.oid = any (indexes.indclass)
        where indexes.indrelid = '{{ this }}'::regclass and operators.opcname = 'gin_trgm_ops'
    ) then
        execute format(
            $index$create index on {{ this }} using gin (({{ column }}) %I.gin_trgm_ops)$index$, extension_schema
        );
    end if;
end
$$
{%- endmacro %}

{#-
    The words of a folded text, as rows. Cut at spaces and at the signs of ASCII, by their numbers: what is a letter
    beyond these depends on the locale of the database.
-#}
{% macro words_of(text) -%}
regexp_split_to_table({{ text }}, '[\s!-/:-@\[-`{-~]+')
{%- endmacro %}
