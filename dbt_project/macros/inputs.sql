{#- Which raw tables and built tables a model reads, and what it was last built from. -#}

{% macro domain_type(domain) -%}
{{ return({
    'show_id': 'uuid', 'person_id': 'uuid', 'episode_group_id': 'text', 'document_key': 'text', 'page_key': 'text',
    'receipt_key': 'text',
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

{#-
    One hash of the SQL that makes the running model: its own as compiled, macros and all, and that of the views it
    reads. Left out is what differs between a full and an incremental build, or a first and a later one.
-#}
{% macro fingerprint() -%}
    {%- set only_changed = '[a-z_.]+ = any [(]array[(]select changed[.]id from [a-z_]+ as changed[)][)]' -%}
    {%- set text = modules.re.sub('(?s)/[*] standing [*]/.*?/[*] so far [*]/', '', sql) -%}
    {%- set parts = [modules.re.sub(only_changed, 'true', text)] -%}
    {%- for unique_id in model.depends_on.nodes | sort if unique_id in graph.nodes -%}
        {%- if graph.nodes[unique_id].config.materialized == 'view' -%}
            {%- do parts.append(render(graph.nodes[unique_id].raw_code)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(local_md5(parts | join(' '))) }}
{%- endmacro %}

{#- What the model was last built from; `everything` when that can no longer be told apart by change. -#}
{% macro watermark_of(inputs) -%}
    {%- set held = {} -%}
    {%- set watermarks = 'select model, build_id, full_build_id, horizon, fingerprint from '
        ~ showhouse.layer('staging') ~ '.watermarks' -%}
    {%- for row in run_query(watermarks).rows -%}
        {%- do held.update({row[0]: {
            'build_id': row[1], 'full_build_id': row[2], 'horizon': row[3], 'fingerprint': row[4],
        }}) -%}
    {%- endfor -%}
    {%- set own = held.get(model.name) -%}
    {%- if own is none or own.fingerprint != showhouse.fingerprint() -%}
        {{ return({'everything': true, 'build_id': 0, 'horizon': 0}) }}
    {%- endif -%}
    {%- for input in inputs if input.resource_type == 'model' -%}
        {%- set parent = held.get(input.name) -%}
        {%- if parent is none or parent.full_build_id > own.build_id -%}
            {{ return({'everything': true, 'build_id': 0, 'horizon': 0}) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'everything': false, 'build_id': own.build_id, 'horizon': own.horizon}) }}
{%- endmacro %}

{#- The temporary table of the keys that the running model replaces. -#}
{% macro changed_table() -%}
{{ ('changed__' ~ model.name)[:63] }}
{%- endmacro %}
