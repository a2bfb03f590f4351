{#-
    Incremental strategy: for every changed parent, what the model no longer says leaves and what is new comes.
    Rows that stay the same are not touched, so that cost, and what readers see as changed, follow real change.
    `merge` and `delete+insert` know only the rows that came: a child that vanished, a set that was emptied, would stay.
-#}
{% macro get_incremental_by_parent_sql(arguments) -%}
{%- set target = arguments.target_relation -%}
{%- set incoming = arguments.temp_relation -%}
{%- set columns = get_quoted_csv(arguments.dest_columns | map(attribute='name')) -%}
{%- set parent = config.get('meta').replace_by -%}
{%- set unique_key = [arguments.unique_key] if arguments.unique_key is string else arguments.unique_key -%}
{%- set changed = showhouse.changed_table() -%}
{%- set telling = config.get('meta').get('appears_with') -%}
{%- set departed = ('departed__' ~ model.name)[:63] -%}
{%- set arrived = ('arrived__' ~ model.name)[:63] -%}
create temporary table {{ departed }} on commit drop as
select {{ columns }} from {{ target }} where {{ parent }} in (select id from {{ changed }})
except all
select {{ columns }} from {{ incoming }};

create temporary table {{ arrived }} on commit drop as
select {{ columns }} from {{ incoming }}
except all
select {{ columns }} from {{ target }} where {{ parent }} in (select id from {{ changed }});

{% for domain in [parent] + config.get('meta').get('logs', []) %}
insert into {{ showhouse.layer('staging') }}.changes (model, domain, key, changed_in, appeared_in)
select
    '{{ model.name }}',
    '{{ domain }}',
    touched.id::text,
    {{ showhouse.build_id() }},
    {% if domain == parent -%}
    case
        when touched.id in (select {{ parent }} from {{ incoming }})
            <> (
                touched.id in (
                    select {{ parent }} from {{ target }} where {{ parent }} in (select id from {{ changed }})
                )
            )
            {%- if telling %}
            or touched.id in (
                select one.id
                from (
                    (select {{ parent }}, {{ telling }} from {{ departed }} except select {{ parent }}, {{ telling }} from {{ arrived }})
                    union all
                    (select {{ parent }}, {{ telling }} from {{ arrived }} except select {{ parent }}, {{ telling }} from {{ departed }})
                ) as one (id, told)
            )
            {%- endif %}
            then {{ showhouse.build_id() }}
    end
    {%- else -%}
    null
    {%- endif %}
from (select {{ domain }} from {{ departed }} union select {{ domain }} from {{ arrived }}) as touched (id)
where touched.id is not null
on conflict (model, domain, key) do update set
    changed_in = excluded.changed_in,
    appeared_in = coalesce(excluded.appeared_in, changes.appeared_in);
{% endfor %}
{{ showhouse.log_what_stood(departed, arrived) if config.get('meta').get('stood_as') }}

delete from {{ target }} as held
using {{ departed }} as departed
where
    held.{{ parent }} = departed.{{ parent }}
    {%- for column in unique_key if column != parent %}
    and held.{{ column }} is not distinct from departed.{{ column }}
    {%- endfor %};

insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ arrived }};
{%- endmacro %}

{#-
    Who is given another id takes the place of what would stand under that id by itself, and leaves that of the former: readers
    that know the id alone learn it from these keys, whether or not anything stood there.
-#}
{% macro log_what_stood(departed, arrived) -%}
{%- set meta = config.get('meta') -%}
{%- set told = meta.replace_by ~ ', ' ~ meta.appears_with -%}
insert into {{ showhouse.layer('staging') }}.changes (model, domain, key, changed_in, appeared_in)
select distinct
    '{{ model.name }}',
    '{{ meta.replace_by }}',
    ({{ meta.stood_as }})::text,
    {{ showhouse.build_id() }},
    {{ showhouse.build_id() }}
from (
    (select {{ told }} from {{ departed }} except select {{ told }} from {{ arrived }})
    union all
    (select {{ told }} from {{ arrived }} except select {{ told }} from {{ departed }})
) as moved
where {{ meta.appears_with }} is not null
on conflict (model, domain, key) do update set
    changed_in = excluded.changed_in,
    appeared_in = excluded.appeared_in;
{%- endmacro %}

{#-
    Incremental strategy `whole`: of a model whose every row depends on many, all is computed when a parent changed, and what
    differs is replaced. Nothing is known of its changes but that there were some.
-#}
{% macro get_incremental_whole_sql(arguments) -%}
{%- set target = arguments.target_relation -%}
{%- set incoming = arguments.temp_relation -%}
{%- set columns = get_quoted_csv(arguments.dest_columns | map(attribute='name')) -%}
{%- set departed = ('departed__' ~ model.name)[:63] -%}
{%- set arrived = ('arrived__' ~ model.name)[:63] -%}
create temporary table {{ departed }} on commit drop as
select {{ columns }} from {{ target }} except all select {{ columns }} from {{ incoming }};

create temporary table {{ arrived }} on commit drop as
select {{ columns }} from {{ incoming }} except all select {{ columns }} from {{ target }};

delete from {{ target }} as held
using {{ departed }} as departed
where
    {%- for column in arguments.unique_key %}
    {{ 'and ' if not loop.first }}held.{{ column }} is not distinct from departed.{{ column }}
    {%- endfor %};

insert into {{ target }} ({{ columns }})
select {{ columns }} from {{ arrived }};

insert into {{ showhouse.layer('staging') }}.changes (model, domain, key, changed_in)
select '{{ model.name }}', 'whole', '', {{ showhouse.build_id() }}
where exists (select from {{ departed }}) or exists (select from {{ arrived }})
on conflict (model, domain, key) do update set changed_in = excluded.changed_in;
{%- endmacro %}
