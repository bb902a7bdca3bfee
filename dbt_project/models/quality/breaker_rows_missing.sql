-- Files with more gaps between their areas and days than the files of their source usually have.

with tripped as (
    select
        gaps.source_id,
        gaps.metric_id,
        gaps.file_sha256,
        gaps.landed_at,
        gaps.area_type,
        gaps.empty,
        gaps.emptiest_day,
        'rows_missing' as breaker_id
    from {{ ref('missing_rows') }} as gaps
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'rows_missing'
    where
        gaps.files_before >= {{ enough_files() }}
        and (
            (
                gaps.rows_short >= thresholds.least_count
                and gaps.empty > thresholds.floor + thresholds.factor * gaps.usually_empty
            )
            or gaps.emptiest_day > 0.5 + thresholds.factor * gaps.usually_emptiest_day
        )
)

select * from tripped
