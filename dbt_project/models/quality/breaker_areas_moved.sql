-- Files in which areas have another share in all of their kind than they should have.

with tripped as (
    select
        source_id,
        file_sha256,
        landed_at,
        metric_id,
        subject as area_id,
        total,
        expected_total,
        'areas_moved' as breaker_id
    from {{ ref('odd_slices') }}
    where scope = 'areas'
)

select * from tripped
