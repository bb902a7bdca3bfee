-- Sources past their due time: the last day before the newest publication of all on which something
-- was due, and nothing has come since. Sources are measured against each other and not against the
-- calendar, so that an old collection reads as it did in its day.

with newest as (
    select
        source_id,
        file_sha256,
        landed_at,
        cast(published_at as date) as published_on,
        cast(max(published_at) over () as date) as today,
        row_number() over (
            partition by source_id order by published_at desc, landed_at desc
        ) as place
    from {{ ref('landed_files') }}
    where source_id in (select source_id from {{ ref('due_times') }})
),

days as (
    select newest.*, {{ days_after('newest.today', '-days_back.days') }} as due_on
    from newest
    cross join (
        {% for days in range(1, 15) %}
            select {{ days }} as days {{ "union all" if not loop.last }}
        {% endfor %}
    ) as days_back
    where newest.place = 1
),

due as (
    select
        days.source_id,
        days.file_sha256,
        days.landed_at,
        days.published_on,
        max(days.due_on) as due_on
    from days
    inner join {{ ref('due_times') }} as due_times
        on days.source_id = due_times.source_id and {{ weekday('days.due_on') }} = due_times.weekday
    left join {{ ref('bank_holidays') }} as holidays on days.due_on = holidays.holiday_date
    where due_times.is_due_on_bank_holidays or holidays.holiday_date is null
    group by days.source_id, days.file_sha256, days.landed_at, days.published_on
),

tripped as (
    select source_id, file_sha256, landed_at, due_on, 'late' as breaker_id
    from due
    where published_on < due_on
)

select * from tripped
