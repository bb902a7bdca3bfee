-- Files without rows that the files before had, more than drop out from file to file.

with tripped as (
    select
        losses.source_id,
        losses.metric_id,
        losses.file_sha256,
        losses.landed_at,
        losses.lost,
        losses.lost_on_a_day,
        'rows_missing' as breaker_id
    from {{ ref('rows_lost') }} as losses
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'rows_missing'
    where
        losses.files_before >= 10
        and (
            losses.lost > greatest(thresholds.floor, thresholds.factor * losses.usually_lost)
            or losses.lost_on_a_day
            > greatest(10 * thresholds.floor, thresholds.factor * losses.usually_lost_on_a_day)
        )
)

select * from tripped
