{#-
    Each run is one statement in one transaction: a first one fills the table, a full refresh fills another and exchanges
    them, an incremental one replaces what the changed parents say, beside what stands. dbt's own way drops on a full
    refresh what reads the table, for good in a build of a part, and asks for the columns of both tables five times and
    checks the contract, whatever changed: half of what a run with nothing new took. The shape of the table is known
    (`has_another_shape`), and the contract is checked where the code is another than the table was built by. Where no parent
    changed, the model's statement is not even planned, which for views upon views takes longer than any of it.
-#}
{% materialization incremental, adapter='postgres' %}
{%- set existing = load_cached_relation(this) -%}
{%- set target_relation = this.incorporate(type='table') -%}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- if existing is none -%}
    {%- set sql_of_run = showhouse.created(target_relation, sql) -%}
{%- elif not is_incremental() -%}
    {%- set sql_of_run = showhouse.made_anew(target_relation, sql, existing) -%}
{%- elif model.is_redone or showhouse.has_changed_parents() -%}
    {%- set sql_of_run = showhouse.replaced(target_relation, sql) -%}
{%- else -%}
    {%- set sql_of_run = 'select where false -- no parent changed' -%}
    {%- do model.update({'is_left_alone': true}) -%}
{%- endif -%}
{% call statement('main') -%}
{{ sql_of_run }}
{%- endcall %}
{%- do apply_grants(target_relation, config.get('grants'), should_revoke=True) -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro has_changed_parents() -%}
{{ return(run_query('select exists (select from ' ~ showhouse.changed_table() ~ ')').rows[0][0]) }}
{%- endmacro %}

{% macro created(target_relation, sql) -%}
{{ showhouse.table_with_indexes(target_relation, sql) }}
do $$ begin {{ showhouse.grant_to_readers(target_relation) }} end $$;
{%- endmacro %}

{% macro table_with_indexes(relation, sql) -%}
{{ get_create_table_as_sql(False, relation, showhouse.no_rows_if_empty(sql)) }}
{%- for index in config.get('indexes', []) %}
{{ get_create_index_sql(relation, index) }};
{%- endfor %}
{%- endmacro %}

{#- A full refresh: the new table is filled beside the old, then takes its place under the views that read it. -#}
{% macro made_anew(target_relation, sql, existing) -%}
{%- set beside = make_intermediate_relation(target_relation) %}
drop table if exists {{ beside }} cascade;
{{ showhouse.table_with_indexes(beside, sql) }}
do $anew$
begin
    perform {{ showhouse.exchange_lock() }};
    {{ showhouse.exchanged(
        target_relation,
        'drop ' ~ ('view ' if existing.is_view else 'table ') ~ target_relation ~ ' cascade',
        'alter table ' ~ beside ~ ' rename to ' ~ adapter.quote(target_relation.identifier)
    ) }}
    {{ showhouse.grant_to_readers(target_relation) }}
end
$anew$;
{%- endmacro %}

{% macro replaced(target_relation, sql) -%}
{%- set incoming = make_temp_relation(target_relation) -%}
{%- if model.is_redone and config.get('contract').enforced -%}
    {%- do get_assert_columns_equivalent(sql) -%}
{%- endif -%}
create temporary table {{ incoming }} on commit drop as (
    {{ sql }}
);
{%- set replacement = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy')) %}
{{ replacement({
    'target_relation': target_relation,
    'temp_relation': incoming,
    'unique_key': config.get('unique_key'),
    'dest_columns': model.columns.values() | list,
}) }}
{%- endmacro %}
