-- Files whose newest day is nearer to their publication than in any file of the month before, or
-- further from it than in nine of ten: every row is dated late, or the newest day is not there. Only
-- what comes about every day can miss a day, and what a source does once a week or so is usual.

with beside_the_month as (
    select
        *,
        count(*) over month_before as files_before,
        min(published_at) over month_before as oldest_published_at,
        min(age_days) over month_before as youngest_usual,
        {{ quantile('age_days', 0.9) }} over month_before as oldest_usual
    from {{ ref('file_order') }}
    window month_before as {{ files_before('source_id, metric_id', 28) }}
),

tripped as (
    select
        source_id,
        metric_id,
        file_sha256,
        landed_at,
        last_date,
        age_days,
        'dated_oddly' as breaker_id
    from beside_the_month
    where
        files_before >= {{ enough_files() }}
        and {{ days_between('oldest_published_at', 'published_at') }} <= 2 * files_before
        and (age_days < youngest_usual or age_days > ceil(oldest_usual))
)

select * from tripped
