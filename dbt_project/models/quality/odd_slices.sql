-- What the witnesses say together of each slice of a file. It is odd when the source itself said
-- otherwise and nobody else bears the change out, or when two others contradict it alike.

with voices as (
    select
        sightings.*,
        thresholds.floor,
        sightings.witness = '' as is_own,
        sightings.witness like '% before' as is_trend,
        max(case when sightings.witness = '' then sightings.moved end) over one_slice as own_moved,
        max(greatest(sightings.total, sightings.reference_total)) over one_slice as most_people,
        case
            when sightings.files_before >= {{ enough_files() }}
                then thresholds.least_count
            else thresholds.least_count_when_new
        end as least_count,
        case
            when sightings.files_before >= {{ enough_files() }}
                then greatest(
                    case when sightings.witness like '% before' then 14 else 1 end
                    * thresholds.floor,
                    thresholds.factor * sightings.usual_move,
                    greatest(thresholds.factor * sightings.usual_noise, thresholds.chance) / sqrt(sightings.people)
                )
            -- While a series is new, only what it says itself of all its settled days counts.
            when sightings.witness = '' and sightings.is_settled then thresholds.floor_when_new
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
        abs(moved) <= allowed
        and abs(moved) <= coalesce(greatest(abs(own_moved) / 2, 0.6 * floor), allowed) as is_for
    from voices
    where allowed is not null and most_people >= least_count
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
        max(scope = 'total' and is_settled) as is_settled_total,
        {{ middle('reference_total * exp(apart - moved)') }} as expected_total,
        count(case when is_own and is_against then 1 end) as own_against,
        count(case when is_own then 1 end) as own,
        count(case when is_trend then 1 end) as trends,
        count(case when is_trend and is_against then 1 end) as trends_against,
        abs(sum(case when is_trend and abs(moved) > 14 * floor then sign(moved) else 0 end))
            as trends_alike,
        count(case when is_other and is_for then 1 end) as others_for,
        count(case when is_other then 1 end) as others,
        count(case when is_other and is_against then 1 end) as others_against,
        abs(sum(case when is_other and abs(moved) > floor then sign(moved) else 0 end))
            as others_alike,
        max(case when is_other then abs(moved) end) as others_most,
        min(case when is_other then abs(moved) end) as others_least
    from told
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
                -- Of all settled days together, one who is sure and one who leans the same way will do.
                and others_against > case when is_settled_total then 0 else 1 end
                and others_alike = others
                and others_least > others_most / 2
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
