-- Slices of files that are not what they should be: the source itself said otherwise and nobody else
-- bears the change out; or others contradict it alike; or a day that is new to the source is far from
-- every week before and from whoever else speaks of it.

with together as (
    select
        source_id,
        metric_id,
        stratum_id,
        area_type,
        file_sha256,
        landed_at,
        scope,
        subject,
        max(total) as total,
        {{ middle('reference_total * exp(apart - moved)') }} as expected_total,
        max(scope = 'total' and is_settled) as is_settled_total,
        count(case when is_own then 1 end) as own,
        count(case when is_own and is_against then 1 end) as own_against,
        count(case when is_trend then 1 end) as trends,
        count(case when is_trend and is_against then 1 end) as trends_against,
        abs(sum(case when is_trend and abs(moved) > floor_when_new then sign(moved) else 0 end))
            as trends_alike,
        count(case when is_other then 1 end) as others,
        count(case when is_other and is_for then 1 end) as others_for,
        count(case when is_other and is_against then 1 end) as others_against,
        sqrt(sum(case when is_other then power(moved / allowed, 2) else 0 end)) as others_sure,
        min(case when is_other then abs(moved) / allowed end) as least_sure,
        abs(sum(case when is_other and abs(moved) > floor then sign(moved) else 0 end))
            as others_alike,
        max(case when is_other then abs(moved) end) as others_most,
        min(case when is_other then abs(moved) end) as others_least
    from {{ ref('voices') }}
    group by
        source_id, metric_id, stratum_id, area_type, file_sha256, landed_at, scope, subject
),

odd as (
    select *
    from together
    where
        others_for = 0
        and (
            own_against > 0
            or (
                others > 1
                and others_alike = others
                and others_least > others_most / 2
                and (
                    -- Independent noise adds up in squares: who is surer makes up for who is nearly sure.
                    (least_sure > 0.7 and others_sure > sqrt(2))
                    -- Of all settled days together, one who is sure and one who leans will do.
                    or (is_settled_total and others_against > 0)
                )
            )
            or (
                own = 0
                and trends > 1
                and trends_alike = trends
                and (trends_against = trends or others_against > 0)
            )
        )
)

select * from odd
