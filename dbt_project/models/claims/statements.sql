{{ config(materialized='view') }}
-- A published column maps to a metric by its definition on the day of publication: one published
-- series can feed several metrics in turn.

with mapped as (
    select
        series.metric_id,
        series.is_cumulative_to_daily,
        published.area_code as area_id,
        published.*
    from {{ ref('published_values') }} as published
    inner join {{ ref('series') }} as series
        on
            published.source_id = series.source_id
            and published.series_id = series.series_id
            and published.published_at >= coalesce(series.published_from, date '1900-01-01')
            and published.published_at < coalesce(series.published_until, date '9999-01-01')
    where series.metric_id is not null
)

select * from mapped
