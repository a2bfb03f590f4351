{#-
    An incremental run in one statement and one transaction: what the changed parents say now, beside what stands. dbt's
    own way, which first and full builds still take, asks for the columns of both tables five times and checks the contract,
    whatever changed: half of what a run with nothing new took. The shape of the table is known (`has_another_shape`), and
    the contract is checked where the code is another than the table was built by.
-#}
{% materialization incremental, adapter='postgres' %}
{%- if not is_incremental() -%}
    {{ return(dbt.materialization_incremental_default()) }}
{%- endif -%}
{%- set target_relation = this.incorporate(type='table') -%}
{%- set incoming = make_temp_relation(target_relation) -%}
{{ run_hooks(pre_hooks, inside_transaction=False) }}
{{ run_hooks(pre_hooks, inside_transaction=True) }}
{%- if model.is_redone and config.get('contract').enforced -%}
    {%- do get_assert_columns_equivalent(sql) -%}
{%- endif -%}
{% call statement('main') -%}
create temporary table {{ incoming }} on commit drop as (
    {{ sql }}
);
{{ get_incremental_by_parent_sql({
    'target_relation': target_relation,
    'temp_relation': incoming,
    'unique_key': config.get('unique_key'),
    'dest_columns': model.columns.values() | list,
}) }}
{%- endcall %}
{%- do apply_grants(target_relation, config.get('grants'), should_revoke=True) -%}
{%- do persist_docs(target_relation, model) -%}
{{ run_hooks(post_hooks, inside_transaction=True) }}
{%- do adapter.commit() -%}
{{ run_hooks(post_hooks, inside_transaction=False) }}
{{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
