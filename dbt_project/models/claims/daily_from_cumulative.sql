-- The one place where running totals become daily values. A day's value needs the total of the day
-- before in the same file; across a gap no day can be told from the others, so none is claimed.

with totals as (
    select statements.*, metrics.cumulative_of
    from {{ ref('statements') }} as statements
    inner join {{ ref('metrics') }} as metrics using (metric_id)
    where statements.is_cumulative_to_daily and statements.value is not null
),

with_day_before as (
    select
        *,
        {{ on_date_before('value') }} as value_before,
        {{ on_date_before('event_date') }} as date_before
    from totals
),

daily as (
    select
        cumulative_of as metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        series_id,
        value - value_before as value,
        lower,
        upper,
        missing_reason,
        cut_off_date,
        published_at,
        landed_at,
        file_sha256,
        file_row,
        sheet_name
    from with_day_before
    where {{ days_between('date_before', 'event_date') }} = 1
)

select * from daily
