-- How far each witness may usually be from a file, and so whether it speaks against a slice of it or
-- bears it out. Moves are natural logarithms of ratios.

with slices as (
    select
        *,
        witness = '' as is_own,
        witness like '% before' as is_trend,
        max(case when witness = '' then moved end) over one_slice as own_moved,
        min(case when witness like '% before' then abs(moved) end) over one_slice as trend_moved,
        max(greatest(total, reference_total)) over one_slice as most_people,
        suspects.file_sha256 is not null as is_suspect
    from {{ ref('sightings') }}
    left join {{ ref('suspect_files') }} as suspects
        using (source_id, metric_id, file_sha256)
    window
        one_slice as (
            partition by
                source_id, metric_id, stratum_id, area_type, file_sha256, scope, subject
        )
),

allowing as (
    select
        slices.*,
        thresholds.floor,
        case
            when slices.files_before >= {{ enough_files() }}
                then greatest(
                    case
                        when slices.is_trend then thresholds.floor_when_new else thresholds.floor
                    end,
                    thresholds.factor * slices.usual_move,
                    thresholds.factor * slices.usual_noise / sqrt(slices.people),
                    thresholds.chance / sqrt(slices.people)
                )
            -- While a series is new, only what it says itself of all its settled days, or of the
            -- shares of its areas, counts.
            when slices.is_own and (slices.is_settled or slices.scope = 'areas')
                then thresholds.floor_when_new
        end as allowed,
        thresholds.floor_when_new,
        case
            when slices.files_before >= {{ enough_files() }} then thresholds.least_count
            else thresholds.least_count_when_new
        end as least_count
    from slices
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = slices.scope || '_moved'
),

voices as (
    select
        *,
        not is_own and not is_trend as is_other,
        -- Of settled days and areas a source contradicts itself only at first sight as well, but for
        -- an area that is several times what it was.
        abs(moved) > allowed
        and (
            not is_own
            or is_suspect
            or (scope <> 'areas' and not is_settled)
            or (scope = 'areas' and abs(moved) > floor_when_new)
        ) as is_against,
        -- Whoever sees less than half of the change bears the file out, not what was said before.
        abs(moved) <= allowed
        and abs(moved) <= case
            when coalesce(own_moved, trend_moved) is null then allowed
            else greatest(abs(coalesce(own_moved, trend_moved)) / 2, 0.6 * floor)
        end as is_for
    from allowing
    where allowed is not null and most_people >= least_count
)

select * from voices
