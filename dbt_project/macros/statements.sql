{# Where a raw row came from, under the names that claims use. #}
{% macro provenance() -%}
    cast(_published_at as timestamp) as published_at,
    cast(_landed_at as timestamp) as landed_at,
    _file_sha256 as file_sha256,
    _row as file_row,
    _sheet as sheet_name
{%- endmacro %}

{# The columns of a statement, in the order in which staging models are united. #}
{% macro statement_columns() -%}
    source_id,
    series_id,
    area_code,
    area_name,
    stratum_id,
    event_date,
    value,
    lower,
    upper,
    missing_reason,
    cut_off_date,
    published_at,
    landed_at,
    file_sha256,
    file_row,
    sheet_name
{%- endmacro %}

{# One readable, stable name for a cell. #}
{% macro figure_id() -%}
    metric_id || '.' || area_id || '.' || stratum_id || '.' || cast(event_date as string)
{%- endmacro %}

{# A whole number of days between two dates, the later one second. #}
{% macro days_between(earlier, later) -%}
    {{ dbt.datediff(earlier, later, 'day') }}
{%- endmacro %}

{# The hash of a file's bytes: the same bytes published again carry their moment behind it. #}
{% macro bytes_hash(file_sha256) -%}
    split_part({{ file_sha256 }}, '@', 1)
{%- endmacro %}

{# A date some days later. #}
{% macro days_after(day, days) -%}
    cast({{ dbt.dateadd('day', days, day) }} as date)
{%- endmacro %}

{# What the same file says of the same series on the date before. #}
{% macro on_date_before(column) -%}
    lag({{ column }}) over (
        partition by
            source_id, series_id, metric_id, area_id, stratum_id, file_sha256, cut_off_date
        order by event_date
    )
{%- endmacro %}

{# What a statement says, whether it was published so or made from a running total. #}
{% macro stated_columns() -%}
    metric_id,
    area_id,
    stratum_id,
    event_date,
    source_id,
    series_id,
    value,
    lower,
    upper,
    missing_reason,
    cut_off_date,
    published_at,
    landed_at,
    file_sha256,
    file_row,
    sheet_name
{%- endmacro %}

{# What a claim keeps of a statement. #}
{% macro claim_columns() -%}
    metric_id,
    area_id,
    stratum_id,
    event_date,
    source_id,
    series_id,
    value,
    lower,
    upper,
    missing_reason,
    published_at,
    landed_at,
    file_sha256,
    file_row,
    sheet_name
{%- endmacro %}

{# What a figure and a figure version have in common. #}
{% macro figure_columns() -%}
    figure_id,
    metric_id,
    area_id,
    stratum_id,
    event_date,
    value,
    lower,
    upper,
    source_id,
    rule_id,
    status,
    explained_by,
    sources_reporting,
    gap,
    first_value,
    revisions,
    missing_reason,
    is_corrected,
    awaits_decision,
    disagreed_from,
    published_at,
    landed_at,
    file_sha256,
    file_row,
    known_from
{%- endmacro %}
