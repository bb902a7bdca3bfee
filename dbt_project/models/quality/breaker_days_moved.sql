-- Files in which single days are not what they should be.

with tripped as (
    select
        source_id,
        file_sha256,
        landed_at,
        metric_id,
        area_type,
        subject as event_date,
        total,
        expected_total,
        'days_moved' as breaker_id
    from {{ ref('odd_slices') }}
    where scope = 'days'
)

select * from tripped
