{#- Post-hook, in the model's transaction. A full build leaves no log: its readers redo everything once. -#}
{% macro set_watermark() -%}
{%- if execute and model.config.materialized != 'view' %}
delete from {{ showhouse.layer('staging') }}.changes
where changes.model = '{{ model.name }}' and to_regclass('pg_temp.{{ showhouse.changed_table() }}') is null;
insert into {{ showhouse.layer('staging') }}.watermarks (model, build_id, full_build_id, horizon, fingerprint)
select '{{ model.name }}', builds.build_id, builds.build_id, builds.horizon, '{{ showhouse.fingerprint() }}'
from {{ showhouse.layer('staging') }}.builds as builds
where builds.invocation_id = '{{ invocation_id }}'
on conflict (model) do update set
    build_id = excluded.build_id,
    full_build_id = case
        when to_regclass('pg_temp.{{ showhouse.changed_table() }}') is null then excluded.build_id
        else watermarks.full_build_id
    end,
    horizon = excluded.horizon,
    fingerprint = excluded.fingerprint;
{% if not is_incremental() -%}
analyze {{ this }}; -- the models that follow plan by it
{% endif -%}
{%- endif -%}
{%- endmacro %}
