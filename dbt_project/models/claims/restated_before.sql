-- Where a publisher states with a new value what the old one would have been on the same footing:
-- the step from the old value to this is the change of footing, the rest is ordinary growth.

with restated as (
    select distinct
        series.metric_id,
        previously.source_id,
        previously.area_id,
        previously.event_date,
        previously.file_sha256,
        previously.value
    from {{ ref('stg_phe_cases_vintages__previously_reported') }} as previously
    inner join {{ ref('series') }} as series
        on
            previously.source_id = series.source_id
            and previously.series_id = series.series_id
            and previously.published_at >= coalesce(series.published_from, date '1900-01-01')
            and previously.published_at < coalesce(series.published_until, date '9999-01-01')
    where series.metric_id is not null
)

select * from restated
