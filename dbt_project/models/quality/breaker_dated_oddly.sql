-- Files whose newest day is nearer to their publication, or further from it, than that of nearly all
-- files of the month before: days shifted, an old edition, a day that is missing at the end.

with beside_the_month as (
    select
        *,
        count(*) over month_before as files_before,
        {{ nine_tenths('age_days') }} over month_before as oldest_usual,
        -{{ nine_tenths('-age_days') }} over month_before as youngest_usual
    from {{ ref('file_order') }}
    window
        month_before as (
            partition by source_id, metric_id order by published_at, landed_at
            rows between 28 preceding and 1 preceding
        )
),

tripped as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.landed_at,
        files.last_date,
        files.age_days,
        'dated_oddly' as breaker_id
    from beside_the_month as files
    inner join {{ ref('metrics') }} as metrics on files.metric_id = metrics.metric_id
    where
        metrics.grain = 'day'
        and files.files_before >= 10
        and (files.age_days > files.oldest_usual or files.age_days < files.youngest_usual)
)

select * from tripped
