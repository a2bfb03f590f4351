{#-
    dbt's own version asks information_schema, which calls every array type `ARRAY`: unit tests then cannot cast
    their fixtures. The catalog knows `text[]`.
-#}
{% macro postgres__get_columns_in_relation(relation) -%}
    {%- call statement('get_columns_in_relation', fetch_result=True) -%}
        select
            attributes.attname as column_name,
            format_type(attributes.atttypid, null) as data_type,
            null::integer as character_maximum_length,
            null::integer as numeric_precision,
            null::integer as numeric_scale
        from pg_attribute as attributes
        inner join pg_class as relations on attributes.attrelid = relations.oid
        where
            relations.relname = '{{ relation.identifier }}'
            {%- if relation.schema %}
            and relations.relnamespace = '{{ relation.schema }}'::regnamespace
            {%- else %}
            and relations.relpersistence = 't'
            and pg_table_is_visible(relations.oid)
            {%- endif %}
            and attributes.attnum > 0
            and not attributes.attisdropped
        order by attributes.attnum
    {%- endcall -%}
    {{ return(sql_convert_columns_in_relation(load_result('get_columns_in_relation').table)) }}
{%- endmacro %}
