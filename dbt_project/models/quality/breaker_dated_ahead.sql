-- Files whose newest day is nearer to their publication than in any file of the month before: every
-- row is dated late, or days stand in it that have not come.

with beside_the_month as (
    select
        *,
        count(*) over month_before as files_before,
        min(age_days) over month_before as youngest_before
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
        'dated_ahead' as breaker_id
    from beside_the_month
    where files_before >= {{ enough_files() }} and age_days < youngest_before
)

select * from tripped
