-- Sources past their due time: the last day before the newest publication of all on which something
-- was due, and nothing has come since. Sources are measured against each other and not against the
-- calendar, so that an old collection reads as it did in its day: each of its days has a verdict.

with files as (
    select
        source_id,
        file_sha256,
        landed_at,
        published_at,
        cast(published_at as date) as published_on,
        coalesce(
            lead(published_at) over (partition by source_id order by published_at, landed_at),
            timestamp '9999-12-31'
        ) as next_published_at
    from {{ ref('landed_files') }}
    where source_id in (select source_id from {{ ref('due_times') }})
),

todays as (
    select
        published_on as today,
        min(published_at) as known_from,
        coalesce(
            lead(min(published_at)) over (order by published_on), timestamp '9999-12-31'
        ) as known_until
    from files
    group by published_on
),

days as (
    select todays.*, {{ days_after('todays.today', '-days_back.days') }} as due_on
    from todays
    cross join (
        {% for days in range(1, 15) %}
            select {{ days }} as days {{ "union all" if not loop.last }}
        {% endfor %}
    ) as days_back
),

due as (
    select
        due_times.source_id,
        days.known_from,
        days.known_until,
        max(days.due_on) as due_on
    from days
    inner join {{ ref('due_times') }} as due_times
        on {{ weekday('days.due_on') }} = due_times.weekday
    left join {{ ref('bank_holidays') }} as holidays on days.due_on = holidays.holiday_date
    where due_times.is_due_on_bank_holidays or holidays.holiday_date is null
    group by due_times.source_id, days.known_from, days.known_until
),

tripped as (
    select
        files.source_id,
        files.file_sha256,
        files.landed_at,
        due.due_on,
        'late' as breaker_id,
        min(greatest(files.published_at, due.known_from)) as known_from,
        nullif(
            max(least(files.next_published_at, due.known_until)), timestamp '9999-12-31'
        ) as known_until
    from files
    inner join due
        on
            files.source_id = due.source_id
            and files.published_on < due.due_on
            and files.next_published_at > due.known_from
            and files.published_at < due.known_until
    where files.published_at < files.next_published_at
    group by files.source_id, files.file_sha256, files.landed_at, due.due_on
)

select * from tripped
