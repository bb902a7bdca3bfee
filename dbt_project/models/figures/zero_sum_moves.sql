-- Siblings under one parent whose changes in one publication cancel out: cases moved between them.

with moved as (
    select
        changes.metric_id,
        changes.stratum_id,
        changes.event_date,
        changes.known_from,
        areas.parent_area_id,
        areas.area_type,
        sum(changes.difference) as net,
        sum(abs(changes.difference)) / 2 as moved,
        count(*) as siblings
    from {{ ref('value_changes') }} as changes
    inner join {{ ref('areas') }} as areas on changes.area_id = areas.area_id
    where changes.value_before is not null and changes.value is not null
    group by
        changes.metric_id,
        changes.stratum_id,
        changes.event_date,
        changes.known_from,
        areas.parent_area_id,
        areas.area_type
),

zero_sum as (
    select
        *,
        sum(moved) over (
            partition by metric_id, stratum_id, known_from, parent_area_id, area_type
        ) as moved_at_once
    from moved
    where net = 0 and siblings > 1 and parent_area_id is not null
),

beyond_chance as (
    -- One more here and one less there happens every day.
    select * from zero_sum
    where moved_at_once >= 5
)

select * from beyond_chance
