-- Days on which a published running total fell: a correction, which the daily value shows as negative.

with falls as (
    select
        source_id,
        metric_id,
        area_id,
        event_date,
        value,
        total_before,
        published_at,
        landed_at,
        file_sha256,
        file_row
    from {{ ref('daily_from_cumulative') }}
    where is_fall
)

select * from falls
