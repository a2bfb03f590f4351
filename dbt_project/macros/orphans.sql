{#- What stands in our schemas and is of no model: left by older code, or by somebody. It is named, and nobody drops it. -#}

{% macro name_orphans() -%}
{%- set orphans = run_query(showhouse.orphans()).columns[0].values() -%}
{%- if orphans -%}
    {%- do log('No model makes ' ~ orphans | join(', ') ~ ': left by older code, or by somebody. '
        ~ 'Nobody is granted it, and no export holds it.', info=true) -%}
{%- endif -%}
{%- endmacro %}

{% macro orphans() -%}
select relations.oid::regclass::text as name
from pg_class as relations
where
    relations.relkind in ('r', 'p', 'v', 'm', 'f')
    and (
        {%- for layer in ('staging', 'core', 'marts') %}
        (
            relations.relnamespace = to_regnamespace('{{ showhouse.layer(layer) }}')
            and relations.relname <> all ({{ showhouse.names_of_models(layer) }})
            {%- if layer == 'staging' %}
            and relations.relname not in ('builds', 'watermarks', 'changes')
            {%- endif %}
        )
        {{- ' or' if not loop.last }}
        {%- endfor %}
    )
order by 1
{%- endmacro %}

{#- Models that are no more: what was noted of them goes, and so their tables are orphans. -#}
{% macro forget_lost_models() -%}
{%- for books in ('watermarks', 'changes') %}
delete from {{ showhouse.layer('staging') }}.{{ books }}
where model <> all (
    {%- for layer in ('staging', 'core', 'marts') %}
    {{ showhouse.names_of_models(layer) }}{{ ' ||' if not loop.last }}
    {%- endfor %}
);
{%- endfor %}
{%- endmacro %}
