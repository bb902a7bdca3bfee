-- The recorded event, if any, that fell between the source's publication before and this one, or that is
-- about the day of a first value. An event names a daily metric and speaks of its running total as well.

with parts as (
    select
        parts.figure_id,
        parts.version,
        parts.part,
        events.event_id,
        events.kind,
        events.published_text,
        row_number() over (
            partition by parts.figure_id, parts.version, parts.part
            order by
                (events.area_id is null), (events.metric_id is null),
                events.happened_on, events.event_id
        ) as place
    from {{ ref('change_parts') }} as parts
    inner join {{ ref('metrics') }} as metrics on parts.metric_id = metrics.metric_id
    left join {{ ref('editions') }} as editions
        on
            parts.source_id = editions.source_id
            and parts.metric_id = editions.metric_id
            and parts.area_id = editions.area_id
            and parts.published_at = editions.published_at
    inner join {{ ref('events') }} as events
        on
            coalesce(events.metric_id, parts.metric_id)
            in (parts.metric_id, metrics.cumulative_of)
            and coalesce(events.area_id, parts.area_id) = parts.area_id
            and coalesce(events.source_id, parts.source_id) = parts.source_id
            and parts.event_date >= coalesce(events.event_from, date '1900-01-01')
            and parts.event_date < coalesce(events.event_until, date '9999-01-01')
            and coalesce(parts.stated_event_id, events.event_id) = events.event_id
            and parts.known_from >= events.happened_on
            and (
                -- The source's own first word after it: what it changes later has other reasons.
                (
                    parts.value_before is not null
                    and parts.source_id = coalesce(parts.source_id_before, parts.source_id)
                    and editions.previous_published_at < events.happened_on
                )
                -- A first value can be part of an event that concerns no day before its own.
                or (
                    parts.known_from_before is null
                    and (parts.part = 'stated' or events.event_from >= events.happened_on)
                )
            )
    where parts.part <> 'growth'
),

first_match as (
    select * from parts where place = 1
)

select * from first_match
