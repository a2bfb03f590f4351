{#-
    Whether the model's table has other columns than the model now declares, or another key: it was built by older
    code. Then dbt takes the model as fully refreshed (it asks this macro by its own name), and what reads it redoes
    everything, as after any full refresh. Every import asks, when a model is compiled and when it runs: noted on the graph,
    which both see, by the build that asked.
-#}
{% macro should_full_refresh() -%}
{%- set told = config.get('full_refresh') -%}
{%- set told = flags.FULL_REFRESH if told is none else told -%}
{{ return(told or showhouse.has_another_shape()) }}
{%- endmacro %}

{% macro has_another_shape() -%}
{%- if not execute or model.resource_type != 'model' or model.config.materialized != 'incremental' -%}
    {{ return(false) }}
{%- endif -%}
{%- set noted = graph.nodes[model.unique_id] -%}
{%- if noted.get('shape_seen_by') != invocation_id -%}
    {%- set asked = run_query(showhouse.other_shape()) -%}
    {%- do noted.update({'shape_seen_by': invocation_id, 'has_another_shape': asked.rows[0][0]}) -%}
{%- endif -%}
{{ return(noted.has_another_shape) }}
{%- endmacro %}

{% macro other_shape() -%}
with

declared (name, type, is_required) as (

    values
    {%- for column in model.columns.values() %}
    (
        '{{ column.name }}',
        to_regtype('{{ column.data_type }}')::oid,
        {{ 'not_null' in column.constraints | map(attribute='type') }}
    ){{ ',' if not loop.last }}
    {%- endfor %}

),

held as (

    select
        attributes.attname::text as name,
        attributes.atttypid as type,
        attributes.attnotnull as is_required
    from pg_attribute as attributes
    where
        attributes.attrelid = to_regclass('{{ this }}')
        and attributes.attnum > 0
        and not attributes.attisdropped

)

select
    to_regclass('{{ this }}') is not null
    and (
        exists (select * from declared except select * from held)
        or exists (select * from held except select * from declared)
        or exists (
            select from {{ showhouse.layer('staging') }}.watermarks as watermarks
            where watermarks.model = '{{ model.name }}' and watermarks.keys <> '{{ showhouse.keys_of_table() }}'
        )
    )
{%- endmacro %}

{#- One hash of what the table is told apart, replaced and looked up by. -#}
{% macro keys_of_table() -%}
{{ return(local_md5(tojson([
    model.config.get('unique_key'), model.config.meta.get('replace_by'), model.config.get('indexes'),
]))) }}
{%- endmacro %}

{#- Post-hook, in the model's transaction. A full build leaves no log: its readers redo everything once. -#}
{% macro set_watermark() -%}
{%- if showhouse.is_build() and model.config.materialized != 'view' %}
delete from {{ showhouse.layer('staging') }}.changes
where changes.model = '{{ model.name }}' and to_regclass('pg_temp.{{ showhouse.changed_table() }}') is null;
insert into {{ showhouse.layer('staging') }}.watermarks
    (model, build_id, full_build_id, horizon, fingerprint, keys)
select
    '{{ model.name }}', builds.build_id, builds.build_id, builds.horizon,
    {{ "'filled with nothing'" if flags.EMPTY else showhouse.fingerprint() }}, '{{ showhouse.keys_of_table() }}'
from {{ showhouse.layer('staging') }}.builds as builds
where builds.invocation_id = '{{ showhouse.build_name() }}'
on conflict (model) do update set
    build_id = excluded.build_id,
    full_build_id = case
        when to_regclass('pg_temp.{{ showhouse.changed_table() }}') is null then excluded.build_id
        else watermarks.full_build_id
    end,
    horizon = excluded.horizon,
    fingerprint = excluded.fingerprint,
    keys = excluded.keys,
    description = case
        when to_regclass('pg_temp.{{ showhouse.changed_table() }}') is not null then watermarks.description
    end;
{{ showhouse.count_if_grown() if not model.get('is_left_alone') -}}
{#- the models that follow plan by it #}
{%- endif -%}
{%- endmacro %}
