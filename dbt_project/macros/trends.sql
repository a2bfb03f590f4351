{#-
    `show_trends`, from how periods ended: `weeks_and_months` has a row for each period in which anything happened,
    `filled` gives what did not happen the value that it had; last it is set beside the period before. A period without a row
    ended as the one before it, so the row before is how the period before ended.
-#}
{% macro trends_of(ended) -%}
{%- set values = ['tmdb_popularity', 'tmdb_vote_average', 'tmdb_vote_count', 'tmdb_status'] -%}
with

weeks_and_months as (

    select
        {{ ended }}.show_id,
        {{ ended }}.period,
        {{ ended }}.period_start_date,
        bool_or({{ ended }}.is_metric) as has_metrics,
        bool_or(not {{ ended }}.is_metric) as has_status
        {%- for value in values %},
        max({{ ended }}.{{ value }}) as {{ value }}
        {%- endfor %}
    from {{ ended }}
    group by {{ ended }}.show_id, {{ ended }}.period, {{ ended }}.period_start_date

),

numbered as (

    select
        weeks_and_months.*,
        count(*) filter (where weeks_and_months.has_metrics) over so_far as metrics_number,
        count(*) filter (where weeks_and_months.has_status) over so_far as status_number
    from weeks_and_months
    window so_far as (
        partition by weeks_and_months.show_id, weeks_and_months.period
        order by weeks_and_months.period_start_date
    )

),

filled as (

    select
        numbered.show_id,
        numbered.period,
        numbered.period_start_date
        {%- for value in values %},
        first_value(numbered.{{ value }}) over {{ 'status' if value == 'tmdb_status' else 'metrics' }} as {{ value }}
        {%- endfor %}
    from numbered
    window
        metrics as (
            partition by numbered.show_id, numbered.period, numbered.metrics_number
            order by numbered.period_start_date
        ),
        status as (
            partition by numbered.show_id, numbered.period, numbered.status_number
            order by numbered.period_start_date
        )

)

select
    filled.*
    {%- for value in values %},
    lag(filled.{{ value }}) over in_order as previous_{{ value }}
    {%- endfor %},
    lead(filled.period_start_date) over in_order is null as is_latest
from filled
window in_order as (partition by filled.show_id, filled.period order by filled.period_start_date)
{%- endmacro %}
