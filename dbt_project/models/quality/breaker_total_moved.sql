-- Files in which all settled days together, or all recent days, are not what they should be; with a
-- name of its own where they are ten, a hundred or a thousand times as much, or a part of it.

with odd as (
    select
        verdicts.*,
        log10(greatest(verdicts.total, 1) / greatest(verdicts.reference_total, 1)) as magnitude
    from {{ ref('verdicts') }} as verdicts
    where verdicts.is_odd and verdicts.scope = 'total'
),

tripped as (
    select
        odd.source_id,
        odd.file_sha256,
        odd.landed_at,
        odd.metric_id,
        odd.area_type,
        odd.subject,
        odd.total,
        odd.reference_total,
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
