-- The calendar of arrivals: each day on which a source is to publish, and since when it has been known
-- that nothing had come by the next day on which any other source published.

with late as (
    select source_id, due_on, min(known_from) as late_from
    from {{ ref('breaker_late') }}
    group by source_id, due_on
),

due_days as (
    select
        calendar.source_id,
        calendar.due_on,
        calendar.due_time,
        calendar.timezone,
        calendar.holiday_name,
        calendar.is_due,
        late.late_from
    from {{ ref('due_calendar') }} as calendar
    left join late on calendar.source_id = late.source_id and calendar.due_on = late.due_on
)

select * from due_days
order by source_id, due_on
