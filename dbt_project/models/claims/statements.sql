{{ config(materialized='incremental', incremental_strategy='append') }}
-- Every published value in one shape, mapped to a metric by its definition on the day.

with united as (
    {% for model in statement_models() %}
        select {{ statement_columns() }} from {{ ref(model) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

arrived as (
    select united.* from united
    {% if is_incremental() %}
        left join (select distinct source_id, file_sha256 from {{ this }}) as before
            using (source_id, file_sha256)
        where before.file_sha256 is null
    {% endif %}
),

mapped as (
    -- By column and by day of publication: one series can feed several metrics in turn.
    select
        series.metric_id,
        series.is_cumulative_to_daily,
        arrived.area_code as area_id,
        arrived.*
    from arrived
    inner join {{ ref('series') }} as series
        on
            arrived.source_id = series.source_id
            and arrived.series_id = series.series_id
            and arrived.published_at >= coalesce(series.published_from, date '1900-01-01')
            and arrived.published_at < coalesce(series.published_until, date '9999-01-01')
    where series.metric_id is not null
)

select * from mapped
