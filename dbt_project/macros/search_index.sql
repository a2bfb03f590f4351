{#-
    Post-hook: an index for `like '%…%'`, where this Postgres has pg_trgm and we may use it; elsewhere a search reads
    every row (at 20,000 shows about 100 ms). Found by its operators, not by name: during a full refresh the table that
    is being replaced still holds its own. Its comment is a digest of what it is of: an index of what older code folded
    in another way serves nothing and is replaced.
-#}
{% macro index_by_trigrams(column) -%}
{%- set wanted = local_md5(column) -%}
do $$
declare
    extension_schema text;
    index_name text;
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
    if extension_schema is null then
        return;
    end if;
    for index_name in
        select indexes.indexrelid::regclass::text from {{ trigram_indexes() }}
        where obj_description(indexes.indexrelid, 'pg_class') is distinct from '{{ wanted }}'
    loop
        execute format('drop index %s', index_name);
    end loop;
    if not exists (select from {{ trigram_indexes() }}) then
        execute format(
            $index$create index on {{ this }} using gin (({{ column }}) %I.gin_trgm_ops)$index$, extension_schema
        );
        select indexes.indexrelid::regclass::text into index_name from {{ trigram_indexes() }};
        execute format('comment on index %s is %L', index_name, '{{ wanted }}');
    end if;
end
$$
{%- endmacro %}

{% macro trigram_indexes() -%}
pg_index as indexes
inner join pg_opclass as operators
    on
        operators.oid = any (indexes.indclass)
        and operators.opcname = 'gin_trgm_ops'
        and indexes.indrelid = '{{ this }}'::regclass
{%- endmacro %}

{#-
    The words of a folded text, as rows. Cut at spaces and at the signs of ASCII, by their numbers: what is a letter
    beyond these depends on the locale of the database.
-#}
{% macro words_of(text) -%}
regexp_split_to_table({{ text }}, '[\s!-/:-@\[-`{-~]+')
{%- endmacro %}
