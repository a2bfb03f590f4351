{#-
    Who reads what was built: each relation of ours is granted as it is made, and nothing else is, so that what somebody else
    left in our schemas is nobody's to read. Only in `prod`: other targets are their builders' own.
-#}

{% macro readers_of(layer) -%}
{{ return({
    'core': ['showhouse_analyst', 'showhouse_loader'],
    'marts': ['showhouse_reader', 'showhouse_analyst', 'showhouse_loader'],
}.get(layer, [])) }}
{%- endmacro %}

{#- Statements of plpgsql. -#}
{% macro grant_to_readers(relation) -%}
{%- for role in showhouse.readers_of(relation.schema) if target.name == 'prod' %}
    if to_regrole('{{ role }}') is not null then
        grant select on {{ relation }} to {{ role }};
    end if;
{%- endfor %}
{%- endmacro %}

{#-
    The same for all that stands, when a build begins: for roles that are new, and for a warehouse of older code, which
    granted whatever came into its schemas.
-#}
{% macro grant_what_stands() -%}
do $$
declare
    relation regclass;
begin
    {%- for layer in ('core', 'marts') %}
    {%- set ours = showhouse.names_of_models(layer) %}
    {%- for role in showhouse.readers_of(layer) %}
    if to_regrole('{{ role }}') is not null then
        grant usage on schema {{ layer }} to {{ role }};
        alter default privileges in schema {{ layer }} revoke select on tables from {{ role }};
        for relation in
            select relations.oid::regclass from pg_class as relations
            where
                relations.relnamespace = '{{ layer }}'::regnamespace
                and relations.relname = any ({{ ours }})
                and not has_table_privilege('{{ role }}', relations.oid, 'select')
        loop
            execute format('grant select on %s to {{ role }}', relation);
        end loop;
        for relation in
            select relations.oid::regclass from pg_class as relations
            cross join lateral aclexplode(relations.relacl) as held
            where
                relations.relnamespace = '{{ layer }}'::regnamespace
                and relations.relname <> all ({{ ours }})
                and held.grantee = '{{ role }}'::regrole
                and held.grantor = current_user::regrole
        loop
            execute format('revoke select on %s from {{ role }}', relation);
        end loop;
    end if;
    {%- endfor %}
    {%- endfor %}
end
$$;
{%- endmacro %}

{#- SQL for the names of a layer's relations, as an array of text. -#}
{% macro names_of_models(layer) -%}
{%- set schema, names = showhouse.layer(layer), [] -%}
{%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == schema -%}
    {%- do names.append(node.alias) -%}
{%- endfor -%}
'{{ '{' ~ names | join(',') ~ '}' }}'::text[]
{%- endmacro %}
