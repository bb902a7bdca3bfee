-- Each day on which a source is to publish by its weekday, from a fortnight before the first publication
-- to the newest one of all. On a bank holiday nothing is due, unless the source is due on those too.

with days_published as (
    select distinct cast(published_at as date) as published_on
    from {{ ref('landed_files') }}
    where source_id in (select source_id from {{ ref('due_times') }})
),

days as (
    select distinct {{ days_after('days_published.published_on', '-days_back.days') }} as due_on
    from days_published
    cross join (
        {% for days in range(15) %}
            select {{ days }} as days {{ "union all" if not loop.last }}
        {% endfor %}
    ) as days_back
),

holidays as (
    select holiday_date, min(holiday_name) as holiday_name
    from {{ ref('bank_holidays') }}
    group by holiday_date
),

due as (
    select
        due_times.source_id,
        days.due_on,
        cast(due_times.due_time as string) as due_time,
        due_times.timezone,
        holidays.holiday_name,
        due_times.is_due_on_bank_holidays or holidays.holiday_date is null as is_due
    from days
    inner join {{ ref('due_times') }} as due_times
        on {{ weekday('days.due_on') }} = due_times.weekday
    left join holidays on days.due_on = holidays.holiday_date
)

select * from due
