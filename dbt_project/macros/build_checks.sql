{#- What a build needs before it begins. -#}

{% macro require_raw() -%}
{%- if run_query("select to_regclass('raw.loads') is not null").rows[0][0] is false -%}
    {%- do exceptions.raise_compiler_error(
        "The database has no `raw` schema, so there is nothing to build from. Run `showhouse db migrate` first."
    ) -%}
{%- endif -%}
{%- endmacro %}

{% macro require_no_other_build() -%}
{%- if not var('build').get('name')
    and run_query("select pg_try_advisory_xact_lock(hashtext('" ~ showhouse.build_lock() ~ "'))").rows[0][0] is false -%}
    {%- do exceptions.raise_compiler_error(
        "Another build of this warehouse is running. Wait until it has ended, or use `showhouse build`, which waits."
    ) -%}
{%- endif -%}
{%- endmacro %}

{#- `--empty` is for a target without tables, before its unit tests; what others read keeps its rows. -#}
{% macro refuse_to_empty() -%}
{%- if flags.EMPTY and target.name == 'prod' -%}
    {%- do exceptions.raise_compiler_error(
        "`--empty` would leave the tables of the target `prod` without rows. Use it with another target: `--target dev`."
    ) -%}
{%- endif -%}
{%- endmacro %}

{#- Builds into other schemas do not meet; `showhouse build` holds the lock of `prod` in any case. -#}
{% macro build_lock() -%}
{{ return('showhouse.build' if target.name == 'prod' else 'showhouse.build.' ~ target.schema) }}
{%- endmacro %}
