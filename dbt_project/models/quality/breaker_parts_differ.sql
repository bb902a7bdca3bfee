-- Parts that add up to more than the whole and no event on record says why. Where the running totals
-- of the same file say why, the warning does too.

with unexplained as (
    select exceeding.*
    from {{ ref('parts_and_wholes') }} as exceeding
    left join {{ ref('events') }} as events
        on
            exceeding.metric_id = events.metric_id
            and coalesce(events.area_id, exceeding.area_id) = exceeding.area_id
            and coalesce(events.source_id, exceeding.source_id) = exceeding.source_id
            and exceeding.event_date >= events.event_from
            and exceeding.event_date < events.event_until
            and exceeding.published_at >= events.happened_on
    where events.event_id is null
),

tripped as (
    select
        unexplained.*,
        'parts_differ' as breaker_id,
        case
            when hidden.hidden = unexplained.parts - unexplained.whole
                then hidden.part_name
        end as fallen_part_name
    from unexplained
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'parts_differ'
    left join {{ ref('hidden_falls') }} as hidden
        using (source_id, metric_id, stratum_id, event_date, area_id, level)
    where
        unexplained.parts - unexplained.whole >= thresholds.least_count
        and unexplained.parts - unexplained.whole > thresholds.floor * unexplained.whole
)

select * from tripped
