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

due as (
    select
        calendar.source_id,
        todays.known_from,
        todays.known_until,
        max(calendar.due_on) as due_on
    from todays
    inner join {{ ref('due_calendar') }} as calendar
        on
            calendar.due_on < todays.today
            and calendar.due_on >= {{ days_after('todays.today', '-14') }}
    where calendar.is_due
    group by calendar.source_id, todays.known_from, todays.known_until
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
