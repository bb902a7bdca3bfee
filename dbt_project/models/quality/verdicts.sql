-- What the reference files say together of each day, total and area of a file. It is odd when most of
-- the source's own files contradict it and the other sources do not bear it out; or when two or more
-- other sources contradict it alike.

with voices as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        stratum_id,
        area_type,
        scope,
        subject,
        floor,
        {{ middle('people') }} as people,
        {{ middle('total') }} as total,
        {{ middle('reference_total') }} as reference_total,
        count(case when is_own then 1 end) as own,
        count(case when is_own and is_against then 1 end) as own_against,
        count(case when not is_own then 1 end) as others,
        count(case when not is_own and is_against then 1 end) as others_against,
        max(case when not is_own then moved end) - min(case when not is_own then moved end)
            as others_apart,
        abs(avg(case when not is_own then moved end)) as others_moved,
        min(case when not is_own then abs(moved) / allowed end) as others_strength,
        -- Where two sources agree on a total of settled days, half of what one would need is enough.
        max(case when scope = 'total' and is_settled then 0.5 else 1 end) as enough
    from {{ ref('contradictions') }}
    group by
        source_id, metric_id, file_sha256, published_at, landed_at, stratum_id, area_type, scope,
        subject, floor
),

verdicts as (
    select
        voices.*,
        voices.people >= thresholds.least_count
        and (
            (own > 1 and 2 * own_against > own and 2 * others_against >= others)
            or (
                others > 1
                and others_moved > voices.floor
                and others_strength > enough
                and others_apart < others_moved / 2
            )
        ) as is_odd
    from voices
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = {{ moved_breaker('voices.scope') }}
)

select * from verdicts
