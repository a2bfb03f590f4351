{#- Which raw tables and built tables a model reads, and what it was last built from. -#}

{% macro domain_type(domain) -%}
{{ return({
    'show_id': 'uuid', 'person_id': 'uuid', 'episode_group_id': 'text', 'document_key': 'text', 'page_key': 'text',
    'receipt_key': 'text', 'word': 'text',
}.get(domain, 'integer')) }}
{%- endmacro %}

{#- The raw tables and the built tables a node reads, seen through its views. -#}
{% macro inputs_of(node) -%}
    {%- set inputs = {} -%}
    {%- for unique_id in node.depends_on.nodes -%}
        {%- if unique_id in graph.sources -%}
            {%- do inputs.update({unique_id: graph.sources[unique_id]}) -%}
        {%- elif graph.nodes[unique_id].config.materialized in ('view', 'ephemeral') -%}
            {%- for input in showhouse.inputs_of(graph.nodes[unique_id]) -%}
                {%- do inputs.update({input.unique_id: input}) -%}
            {%- endfor -%}
        {%- else -%}
            {%- do inputs.update({unique_id: graph.nodes[unique_id]}) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(inputs.values() | list) }}
{%- endmacro %}

{#- The views a node reads, and those that these read. -#}
{% macro views_of(node) -%}
    {%- set views = {} -%}
    {%- for unique_id in node.depends_on.nodes if unique_id in graph.nodes -%}
        {%- set parent = graph.nodes[unique_id] -%}
        {%- if parent.config.materialized == 'view' -%}
            {%- do views.update({unique_id: parent}) -%}
        {%- endif -%}
        {%- if parent.config.materialized in ('view', 'ephemeral') -%}
            {%- for view in showhouse.views_of(parent) -%}
                {%- do views.update({view.unique_id: view}) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(views.values() | list) }}
{%- endmacro %}

{#-
    SQL for one hash of what makes the running model: its own SQL as compiled, macros and all, its `meta` and that of the
    raw tables it reads, which say what changed for it, and the views it reads as they stand. Left out is what differs between a full and an incremental build, or a first and a later one. Put
    together once for each model: both its hooks ask.
-#}
{% macro fingerprint() -%}
    {%- if 'fingerprint' not in model -%}
        {%- set only_changed = '[a-z_.]+ = any [(]array[(]select changed[.]id from [a-z_]+ as changed[)][)]' -%}
        {%- set text = modules.re.sub('(?s)/[*] standing [*]/.*?/[*] so far [*]/', '', sql) -%}
        {%- set metas = [model.config.meta] -%}
        {%- for input in showhouse.inputs_of(model) if input.resource_type == 'source' -%}
            {%- do metas.append([input.name, input.meta.get('keys')]) -%}
        {%- endfor -%}
        {%- set own = local_md5(modules.re.sub(only_changed, 'true', text) ~ tojson(metas, sort_keys=true)) -%}
        {%- set views = [] -%}
        {%- for view in showhouse.views_of(model) -%}
            {%- do views.append("'" ~ adapter.quote(view.schema) ~ '.' ~ adapter.quote(view.alias) ~ "'") -%}
        {%- endfor -%}
        {%- do model.update({'fingerprint': "md5(concat('" ~ own ~ "', (
            select string_agg(pg_get_viewdef(to_regclass(view)), ' ' order by view)
            from unnest(array[" ~ views | join(', ') ~ "]::text[]) as view
        )))"}) -%}
    {%- endif -%}
    {{ return(model.fingerprint) }}
{%- endmacro %}

{#- What the model was last built from; `everything` when that can no longer be told apart by change. -#}
{% macro watermark_of(inputs) -%}
    {%- set parents = inputs | selectattr('resource_type', 'equalto', 'model') | map(attribute='name') -%}
    {%- set held = run_query("
        select
            own.build_id,
            own.horizon,
            own.fingerprint is distinct from " ~ showhouse.fingerprint() ~ "
            or exists (
                select from unnest('{" ~ parents | join(',') ~ "}'::text[]) as input (model)
                left join " ~ showhouse.layer('staging') ~ ".watermarks as parent on input.model = parent.model
                where parent.model is null or parent.full_build_id > own.build_id
            )
        from (select '" ~ model.name ~ "') as asked (model)
        left join " ~ showhouse.layer('staging') ~ ".watermarks as own on asked.model = own.model
    ").rows[0] -%}
    {%- if held[2] -%}
        {{ return({'everything': true, 'build_id': 0, 'horizon': 0}) }}
    {%- endif -%}
    {{ return({'everything': false, 'build_id': held[0], 'horizon': held[1]}) }}
{%- endmacro %}

{#- The temporary table of the keys that the running model replaces. -#}
{% macro changed_table() -%}
{{ ('changed__' ~ model.name)[:63] }}
{%- endmacro %}
