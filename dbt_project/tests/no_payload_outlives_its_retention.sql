-- Payloads that their source's terms let us keep no longer on the build's date; `showhouse purge` empties them.
-- The limit is the one of the source's freshness. Not a test of the sources: a build would skip what reads them.
{%- set selects = [] -%}
{%- if execute -%}
{%- for source in graph.sources.values() if source.freshness and source.freshness.error_after.count -%}
{%- set limit = showhouse.as_of() ~ " - interval '" ~ source.freshness.error_after.count ~ " days'" -%}
{%- set table = adapter.quote(source.schema) ~ '.' ~ adapter.quote(source.identifier) -%}
{%- do selects.append(
    "select '" ~ source.name ~ "' as resource, version.key, version.load_id from " ~ table ~ " as version"
    ~ " left join raw.fetches on fetches.resource = '" ~ source.name ~ "' and fetches.key = version.key"
    ~ " where version.superseded_by is null and version.payload is not null"
    ~ " and greatest(fetches.last_checked_at, version.fetched_at) < " ~ limit
    ~ " union all select '" ~ source.name ~ "', version.key, version.load_id from " ~ table ~ " as version"
    ~ " inner join raw.loads on loads.load_id = version.superseded_by"
    ~ " where version.superseded_by is not null and version.payload is not null and loads.committed_at < " ~ limit
) -%}
{%- endfor -%}
{%- endif %}
{{ selects | join(' union all ') or 'select 1 where false' }}
