-- Files in which areas have another share in all of their kind than they should have.

with tripped as (
    select
        source_id,
        file_sha256,
        landed_at,
        metric_id,
        subject as area_id,
        total,
        reference_total,
        'areas_moved' as breaker_id
    from {{ ref('verdicts') }}
    where is_odd and scope = 'area'
)

select * from tripped
