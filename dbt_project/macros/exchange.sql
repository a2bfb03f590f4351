{#-
    A relation whose columns change cannot be replaced under the views that read it. So in one transaction they go, the
    relation is replaced, and they come back as they were, with their grants and comments; readers wait for a moment and
    never miss one. A view that the new columns do not carry stays away: it is one of older code, and `end_build` makes it
    by the new, or somebody's own, which the log names.

    Views go from the outermost in, in the order in which a query locks them: so no reader and no exchange wait for each other.
-#}
{% macro exchange_lock() -%}
pg_advisory_xact_lock(hashtext('showhouse.exchange'))
{%- endmacro %}

{#- A block of plpgsql: `drop` and `create` are the statements that remove the relation and put the new one in its place. -#}
{% macro exchanged(relation, drop, create) -%}
declare
    readers jsonb;
    reader record;
begin
    select coalesce(jsonb_agg(to_jsonb(reading)), '[]') into readers
    from ({{ showhouse.reading_views(relation) }}) as reading;
    for reader in
        select * from jsonb_to_recordset(readers) as reading (name text, depth integer) order by depth desc
    loop
        begin
            execute 'drop view ' || reader.name || ' cascade';
        exception
            when insufficient_privilege then null; -- somebody else's: it goes with the relation
        end;
    end loop;
    execute $exchange${{ drop }}$exchange$;
    execute $exchange${{ create }}$exchange$;
    for reader in
        select * from jsonb_to_recordset(readers) as reading (name text, depth integer, creation text) order by depth
    loop
        begin
            execute reader.creation;
        exception
            when others then
                raise warning 'The view % does not fit what it reads any more: %', reader.name, sqlerrm;
        end;
    end loop;
end;
{%- endmacro %}

{#- The views that read a relation, directly or through others: how far away, and the statements that make each as it is. -#}
{% macro reading_views(relation) -%}
with recursive readers (oid, depth) as (

    select to_regclass('{{ relation }}')::oid, 0
    union
    select rewrites.ev_class, readers.depth + 1
    from readers
    inner join pg_depend as needs
        on
            readers.oid = needs.refobjid and needs.refclassid = 'pg_class'::regclass
            and needs.classid = 'pg_rewrite'::regclass
    inner join pg_rewrite as rewrites on needs.objid = rewrites.oid and rewrites.ev_class <> readers.oid

)

select
    views.oid::regclass::text as name,
    max(readers.depth) as depth,
    concat(
        format('create view %s', views.oid::regclass),
        ' with (' || nullif(array_to_string(views.reloptions, ', '), '') || ')',
        format(' as %s', pg_get_viewdef(views.oid)),
        {#- who may read it, besides its owner #}
        (
            select string_agg(format(
                '; grant %s on %s to %s', held.privilege_type, views.oid::regclass,
                case when held.grantee = 0 then 'public' else held.grantee::regrole::text end
            ), '')
            from aclexplode(views.relacl) as held
            where held.grantee <> views.relowner
        ),
        (
            select string_agg(
                case
                    when comments.objsubid = 0
                        then format('; comment on view %s is %L', views.oid::regclass, comments.description)
                    else format(
                        '; comment on column %s.%I is %L', views.oid::regclass, attributes.attname, comments.description
                    )
                end, ''
            )
            from pg_description as comments
            left join pg_attribute as attributes
                on comments.objoid = attributes.attrelid and comments.objsubid = attributes.attnum
            where comments.objoid = views.oid and comments.classoid = 'pg_class'::regclass
        )
    ) as creation
from readers
inner join pg_class as views on readers.oid = views.oid and views.relkind = 'v'
where readers.depth > 0
group by views.oid
{%- endmacro %}
