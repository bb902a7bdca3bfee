-- What the witnesses say together of each slice of a file. It is odd when the source itself said
-- otherwise and nobody else bears the change out, or when two others contradict it alike.

with voices as (
    select
        sightings.*,
        sightings.witness = '' as is_own,
        sightings.witness = 'week before' as is_trend,
        max(case when sightings.witness = '' then sightings.moved end) over one_slice as own_moved,
        case
            when sightings.files_before >= 10
                then thresholds.least_count
            else thresholds.least_count_when_new
        end as least_count,
        case
            when sightings.files_before >= 10
                then greatest(
                    case when sightings.witness = 'week before' then 5 else 1 end
                    * thresholds.floor,
                    thresholds.factor * sightings.usual_move,
                    3 / sqrt(sightings.people)
                )
            -- While a series is new, only what it says itself of all its settled days counts.
            when sightings.witness = '' then thresholds.floor_when_new
        end as allowed
    from {{ ref('sightings') }} as sightings
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = sightings.scope || '_moved'
    window
        one_slice as (
            partition by
                sightings.source_id,
                sightings.metric_id,
                sightings.stratum_id,
                sightings.area_type,
                sightings.file_sha256,
                sightings.scope,
                sightings.subject
        )
),

told as (
    select
        *,
        not is_own and not is_trend as is_other,
        abs(moved) > allowed as is_against,
        -- Whoever sees less than half of the change bears the file out, not what was said before.
        abs(moved) <= allowed and abs(moved) <= coalesce(abs(own_moved) / 2, allowed) as is_for
    from voices
    where allowed is not null and greatest(total, reference_total) >= least_count
),

together as (
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
        count(case when is_own and is_against then 1 end) as own_against,
        count(case when is_own then 1 end) as own,
        count(case when is_trend and is_against then 1 end) as trend_against,
        count(case when is_other and is_for then 1 end) as others_for,
        greatest(
            count(case when is_other and is_against and moved > 0 then 1 end),
            count(case when is_other and is_against and moved < 0 then 1 end)
        ) as others_against
    from told
    group by
        source_id, metric_id, stratum_id, area_type, file_sha256, landed_at, scope, subject
),

odd as (
    select *
    from together
    where
        others_for = 0
        and (own_against > 0 or others_against > 1 or (own = 0 and trend_against > 0))
)

select * from odd
