{#-
    How an incremental model learns what changed. Everything is read off the graph, so that no input can be
    forgotten: the raw tables behind the model's views (by load) and the tables it reads (by build).
    A model's `meta` says the rest:

    replace_by   the column whose keys are replaced as a whole: the changed parent
    logs         further columns whose keys are written to the change log when their rows change
    through      {parent: table}: the parent logs another column; `table` holds both and translates. A list of
                 tables where no single one holds all pairs, an empty one where the parent says nothing of the keys
    exists_in    parents of which only appearing and leaving matters, not what their rows say
    appears_with columns which, when they change, count as appearing anew
    stood_as     the key under which an id of `appears_with` stands while nobody is given it: it changes with whoever is
    disputed     {id column: views that claim it}: ids that two parents may claim, see `disputes.sql`
    looked_up_by {raw table: column}: rows of the raw table are joined by their key to this column of the model, whose own rows
                 then say whom a change of such a row concerns
    identity     `show` or `person`: the model gives entities their ids, see `claims.sql`
    is_dated     of a model that is built as a whole: it is another for another `as_of` date
    outdated_when  condition on the model's own rows that are no longer right for the `as_of` date

    A raw table's `meta.keys` says which ids its key holds: {column: expression}. Such an expression may look into
    `core.shows` and `core.people` for who has an IMDb id, and into `staging.int_people__mentioned` for who is credited: who is
    given one now, or credited, has changed anyway.
-#}

{#-
    Predicate for a model's imports: only keys that changed; all of them in a full build. An array and no join,
    so that it reaches the index of the raw table through every view, grouping and `distinct on` in between;
    as a semi-join it left the planner free to open every document first.
-#}
{% macro is_changed(column) -%}
{%- if is_incremental() -%}
{{ column }} = any (array(select changed.id from {{ showhouse.changed_table() }} as changed))
{%- else -%}
true
{%- endif -%}
{%- endmacro %}

{#- Part of the pre-hook: the keys to replace, as a temporary table that lives as long as the model's transaction. -#}
{% macro collect_changed_parents() -%}
{%- if execute and is_incremental() -%}
    {%- set inputs = showhouse.inputs_of(model) -%}
    {%- set watermark = showhouse.watermark_of(inputs) -%}
    {%- do model.update({'is_redone': watermark.everything}) -%}
    {%- set domain = model.config.meta.replace_by -%}
    {%- set selects = [] -%}
    {%- for input in inputs -%}
        {%- do selects.extend(
            showhouse.changed_keys(input, domain, watermark) if domain else showhouse.any_change(input, watermark)
        ) -%}
    {%- endfor -%}
    {%- if not domain -%}
        {%- do selects.append(showhouse.another_date(watermark) if model.config.meta.get('is_dated') else 'select 1 where false') -%}
    {%- elif watermark.everything -%}
        {%- do selects.append('select ' ~ domain ~ ' from ' ~ this) -%}
    {%- elif model.config.meta.get('outdated_when') -%}
        {%- do selects.append(
            'select ' ~ domain ~ ' from ' ~ this ~ ' where ' ~ render(model.config.meta.outdated_when)
        ) -%}
    {%- endif -%}
    create temporary table {{ showhouse.changed_table() }} on commit drop as
    select distinct candidate.id
    from ({{ selects | join(' union all ') }}) as candidate (id)
    where candidate.id is not null;
    analyze {{ showhouse.changed_table() }};
    {{ showhouse.add_disputants() if model.config.meta.get('disputed') and not watermark.everything }}
    {{ showhouse.add_claimants(watermark.everything) if model.config.meta.get('identity') }}
{%- endif -%}
{%- endmacro %}

{#- Selects of the keys that one input changed since the watermark; every key it holds where all must be redone. -#}
{% macro changed_keys(input, domain, watermark) -%}
    {%- set selects = [] -%}
    {%- set meta = model.config.meta -%}
    {%- set relation = showhouse.relation_to_read(input) -%}
    {%- if input.resource_type == 'source' -%}
        {%- set expression = input.meta.get('keys', {}).get(domain) -%}
        {%- set expression = expression and expression | replace('core.', showhouse.layer('core') ~ '.')
            | replace('staging.', showhouse.layer('staging') ~ '.') -%}
        {%- set held_in = meta.get('looked_up_by', {}).get(input.name) -%}
        {%- if expression is not none and watermark.everything -%}
            {%- do selects.append('select ' ~ expression ~ ' from ' ~ relation) -%}
        {%- elif not watermark.everything -%} {#- without an expression its keys reach this model through other inputs -#}
            {%- for column in ('load_id', 'superseded_by', 'purged_by', 'taken_back_by') -%}
                {%- set changed = relation ~ ' where ' ~ column ~ ' > ' ~ watermark.horizon
                    ~ ' and ' ~ column ~ ' <= ' ~ showhouse.horizon() -%}
                {%- if expression is not none -%}
                    {%- do selects.append('select ' ~ expression ~ ' from ' ~ changed) -%}
                {%- endif -%}
                {%- if held_in -%}
                    {%- do selects.append(
                        'select held.' ~ domain ~ ' from ' ~ this ~ ' as held where held.' ~ held_in
                        ~ ' in (select key from ' ~ changed ~ ')'
                    ) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endif -%}
    {%- elif input.resource_type == 'model' -%}
        {%- set parent_domain = input.config.meta.get('replace_by') -%}
        {%- set knows_domain = domain == parent_domain or domain in input.config.meta.get('logs', []) -%}
        {%- set through = meta.get('through', {}).get(input.name) -%}
        {%- set column = 'appeared_in' if input.name in meta.get('exists_in', []) else 'changed_in' -%}
        {%- set log = " from " ~ showhouse.layer('staging') ~ ".changes as log where log.model = '" ~ input.name ~ "' and log.domain = '"
            ~ (domain if knows_domain else parent_domain) ~ "' and log." ~ column ~ " > " ~ watermark.build_id -%}
        {%- if knows_domain and watermark.everything -%}
            {%- do selects.append('select ' ~ domain ~ ' from ' ~ relation) -%}
        {%- elif knows_domain -%}
            {%- do selects.append('select log.key::' ~ showhouse.domain_type(domain) ~ log) -%}
        {%- elif through is none -%}
            {%- do exceptions.raise_compiler_error(
                "`" ~ model.name ~ "` is replaced by `" ~ domain ~ "`, but its input `" ~ input.name
                ~ "` logs `" ~ parent_domain ~ "`: name in `meta.through` the table that holds both."
            ) -%}
        {%- elif not watermark.everything -%}
            {%- for table in ([through] if through is string else through) -%}
                {%- do selects.append(
                    'select bridge.' ~ domain ~ ' from ' ~ ref(table) ~ ' as bridge where bridge.' ~ parent_domain
                    ~ ' in (select log.key::' ~ showhouse.domain_type(parent_domain) ~ log ~ ')'
                ) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(selects) }}
{%- endmacro %}

{#-
    Of a model that is built as a whole (`incremental_strategy: whole`): one row where an input changed since the watermark.
-#}
{% macro any_change(input, watermark) -%}
    {%- set selects = [] -%}
    {%- if input.resource_type == 'source' -%}
        {%- for column in ('load_id', 'superseded_by', 'purged_by', 'taken_back_by') -%}
            {%- do selects.append(
                'select 1 where exists (select from ' ~ showhouse.relation_to_read(input) ~ ' where ' ~ column ~ ' > '
                ~ watermark.horizon ~ ' and ' ~ column ~ ' <= ' ~ showhouse.horizon() ~ ')'
            ) -%}
        {%- endfor -%}
    {%- else -%}
        {%- do selects.append(
            'select 1 where exists (select from ' ~ showhouse.layer('staging') ~ ".changes as log where log.model = '"
            ~ input.name ~ "' and log.changed_in > " ~ watermark.build_id ~ ')'
        ) -%}
    {%- endif -%}
    {{ return(selects) }}
{%- endmacro %}

{#- One row where the model was last built for another date. -#}
{% macro another_date(watermark) -%}
select 1 where not exists (
    select from {{ showhouse.layer('staging') }}.builds as builds
    where builds.build_id = {{ watermark.build_id }} and builds.as_of = {{ showhouse.as_of() }}
)
{%- endmacro %}

{#- Where an input stands: in this target, or, under `--defer`, in the one deferred to. -#}
{% macro relation_to_read(input) -%}
{%- set own = showhouse.relation_of(input) -%}
{%- if input.get('defer_relation') and load_cached_relation(own) is none -%}
    {{ return(input.defer_relation.relation_name) }}
{%- endif -%}
{{ return(own.include(database=false)) }}
{%- endmacro %}
