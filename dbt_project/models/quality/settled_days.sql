-- The settled days of the last four weeks in each file, beside what a month of files before said of
-- the same days: the middle of them bears two weeks of bad files.

with settled as (
    select
        days.*,
        files.epoch
    from {{ ref('file_days') }} as days
    inner join {{ ref('file_epochs') }} as files
        on
            days.source_id = files.source_id
            and days.metric_id = files.metric_id
            and days.file_sha256 = files.file_sha256
    where
        {{ days_after('days.event_date', 'files.usual_lag_days') }} < days.published_at
        and {{ days_between('days.event_date', 'days.published_at') }} <= 28
),

beside_the_month as (
    select
        *,
        {{ middle('total') }} over month_before as usual_total,
        {{ middle('areas') }} over month_before as usual_areas,
        count(*) over month_before as statements_before
    from settled
    window
        month_before as (
            partition by source_id, metric_id, stratum_id, area_type, event_date, epoch
            order by published_at, landed_at
            rows between 28 preceding and 1 preceding
        )
)

select * from beside_the_month
