{#-
    A build often follows a landing at once, long before autovacuum comes by. Of tables without statistics the planner
    believes that nearly no version is valid, and joins them row by row: of 20,000 series, `shows` alone was not done after 16 minutes.
-#}
{% macro count_what_grew() -%}
do $$
declare
    grown text;
begin
    for grown in
        select format('%I.%I', tables.schemaname, tables.relname)
        from pg_stat_user_tables as tables
        where tables.schemaname = 'raw' and tables.n_mod_since_analyze > 100 + tables.n_live_tup / 5
    loop
        execute 'analyze ' || grown;
    end loop;
end
$$;
{%- endmacro %}
