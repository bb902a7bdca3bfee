-- Settled days that changed by more than a source's own history allows, or by a factor of ten.

with history as (
    select
        ratios.*,
        log10(greatest(ratios.ratio, 0.0000001)) as magnitude,
        max(abs(ratios.ratio - 1)) over (
            partition by ratios.source_id, ratios.metric_id, ratios.area_type
            order by ratios.published_at, ratios.landed_at
            rows between unbounded preceding and 1 preceding
        ) as largest_move_before
    from {{ ref('settled_ratios') }} as ratios
),

judged as (
    select
        history.*,
        abs(history.magnitude - round(history.magnitude)) < units.floor
        and abs(round(history.magnitude)) between 1 and 3 as is_unit_error
    from history
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'total_moved'
    inner join {{ ref('breaker_thresholds') }} as units
        on units.breaker_id = 'units'
    left join {{ ref('explained_files') }} as explained
        on
            history.source_id = explained.source_id
            and history.metric_id = explained.metric_id
            and history.file_sha256 = explained.file_sha256
    where
        explained.file_sha256 is null
        and history.total_before >= thresholds.least_count
        and abs(history.ratio - 1) > greatest(
            thresholds.floor,
            -- One odd jump in the past must not excuse every later one: half of it, at the most.
            least(coalesce(history.largest_move_before, 0) / 2, 2 * thresholds.floor)
        )
),

tripped as (
    select
        source_id,
        file_sha256,
        landed_at,
        metric_id,
        area_type,
        ratio,
        case when is_unit_error then 'units' else 'total_moved' end as breaker_id
    from judged
)

select * from tripped
