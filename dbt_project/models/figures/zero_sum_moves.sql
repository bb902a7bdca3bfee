-- Siblings under one parent whose changes in one publication cancel out: cases moved between them.

with moved as (
    select
        changes.metric_id,
        changes.stratum_id,
        changes.event_date,
        changes.known_from,
        areas.parent_area_id,
        sum(changes.difference) as net,
        count(*) as siblings
    from {{ ref('value_changes') }} as changes
    inner join {{ ref('areas') }} as areas on changes.area_id = areas.area_id
    where changes.value_before is not null and changes.value is not null
    group by
        changes.metric_id,
        changes.stratum_id,
        changes.event_date,
        changes.known_from,
        areas.parent_area_id
),

zero_sum as (
    select * from moved
    where net = 0 and siblings > 1 and parent_area_id is not null
)

select * from zero_sum
