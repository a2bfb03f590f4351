{#- What a build needs before it begins. -#}

{% macro require_raw() -%}
{%- if run_query("select to_regclass('raw.loads') is not null").rows[0][0] is false -%}
    {%- do exceptions.raise_compiler_error(
        "The database has no `raw` schema, so there is nothing to build from. Run `showhouse db migrate` first."
    ) -%}
{%- endif -%}
{%- endmacro %}

{% macro require_no_other_build() -%}
{%- if not var('build_lock_held')
    and run_query("select pg_try_advisory_xact_lock(hashtext('" ~ showhouse.build_lock() ~ "'))").rows[0][0] is false -%}
    {%- do exceptions.raise_compiler_error(
        "Another build of this warehouse is running. Wait until it has ended, or use `showhouse build`, which waits."
    ) -%}
{%- endif -%}
{%- endmacro %}

{#- Builds into other schemas do not meet; `showhouse build` holds the lock of the default target in any case. -#}
{% macro build_lock() -%}
{{ return('showhouse.build' if target.name != 'dev' else 'showhouse.build.' ~ target.schema) }}
{%- endmacro %}
