-- What each file says of each day beside the middle of what its own source said of that day, and of
-- the same areas, in the month of files before. Once the day was settled, only what was said since counts.

with days as (
    select
        days.*,
        files.epoch,
        files.place,
        files.usual_lag_days,
        {{ days_between('days.event_date', 'days.published_at') }} as age_days,
        {{ days_between('days.event_date', 'days.published_at') }} > files.usual_lag_days
            as is_old
    from {{ ref('file_days') }} as days
    inner join {{ ref('file_order') }} as files
        on
            days.source_id = files.source_id
            and days.metric_id = files.metric_id
            and days.file_sha256 = files.file_sha256
),

recalled as (
    select
        *,
        lag(total) over in_order as last_total,
        lag(place) over in_order as last_place,
        lag(age_days >= usual_lag_days) over in_order as last_was_grown,
        {{ middle('total') }} over statements as usual_total,
        {{ middle('case when is_old then total end') }} over statements as settled_total
    from days
    window
        in_order as (
            partition by
                source_id, metric_id, stratum_id, area_type, event_date, areas, which_areas, epoch
            order by place
        ),
        statements as {{ files_before(
            'source_id, metric_id, stratum_id, area_type, event_date, areas, which_areas, epoch', 28
        ) }}
)

select * from recalled
