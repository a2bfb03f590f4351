{#-
    A build often follows a landing at once, long before autovacuum comes by. Of tables without statistics the planner
    believes that nearly no version is valid, and joins them row by row: of 20,000 series, `shows` alone was not done after
    16 minutes. So what grew is counted first: the raw tables when a build begins, a model's table when it is written.
-#}
{% macro count_what_grew() -%}
do $$
declare
    grown text;
begin
    for grown in
        select tables.relid::regclass::text
        from pg_stat_user_tables as tables
        where
            tables.schemaname = 'raw'
            and (
                tables.n_mod_since_analyze > 100 + tables.n_live_tup / 5
                or {{ showhouse.outgrew_statistics('tables.relid') }}
            )
    loop
        execute 'analyze ' || grown;
    end loop;
end
$$;
{%- endmacro %}

{#- Part of the post-hook: a first build always counts what it made, a later one where it made much of it. -#}
{% macro count_if_grown() -%}
{%- if not is_incremental() -%}
analyze {{ this }};
{%- else -%}
do $$
begin
    if {{ showhouse.outgrew_statistics("'" ~ this ~ "'::regclass") }} then
        analyze {{ this }};
    end if;
end
$$;
{%- endif -%}
{%- endmacro %}

{#-
    Whether a table is a fifth larger than when it was last counted, or was never counted. Postgres's own counter of changes
    does not say: it is forgotten in a crash, and a restored table has neither statistics nor a count.
-#}
{% macro outgrew_statistics(table) -%}
exists (
    select from pg_class as relations
    cross join lateral (
        select pg_relation_size(relations.oid) / current_setting('block_size')::integer as count
    ) as pages
    where
        relations.oid = {{ table }}
        and pages.count > 10
        and (
            pages.count > relations.relpages * 1.2
            or not exists (
                select from pg_stats as counted
                where
                    counted.schemaname = relations.relnamespace::regnamespace::text
                    and counted.tablename = relations.relname
            )
        )
)
{%- endmacro %}
