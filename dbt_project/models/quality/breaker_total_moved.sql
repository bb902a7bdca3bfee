-- Files whose settled or recent days together are not what they should be; with a name of its own where they
-- are ten, a hundred or a thousand times as much, or a part of it.

with odd as (
    select
        *,
        log10(greatest(total, 0.0001) / greatest(expected_total, 0.0001)) as magnitude
    from {{ ref('odd_slices') }}
    where scope = 'total'
),

tripped as (
    select
        odd.source_id,
        odd.file_sha256,
        odd.landed_at,
        odd.metric_id,
        odd.area_type,
        odd.subject as some_days,
        odd.total,
        odd.expected_total,
        case
            when
                abs(odd.magnitude - round(odd.magnitude)) < units.floor
                and abs(round(odd.magnitude)) between 1 and 3
                then 'units'
            else 'total_moved'
        end as breaker_id
    from odd
    inner join {{ ref('breaker_thresholds') }} as units on units.breaker_id = 'units'
)

select * from tripped
