-- How each value went on to grow that was shown before its day was final. What another source says is
-- no growth, and neither is what a recorded event changed; a decision that repeats the value because
-- another source spoke is no new value.

with in_order as (
    select
        *,
        lag(value) over one_cell as value_before,
        lag(published_at) over one_cell as published_before,
        lag(source_id) over one_cell as source_id_before,
        lead(known_from) over one_cell as known_to,
        min(known_from) over one_cell as first_known
    from {{ ref('decided') }}
    window
        one_cell as (
            partition by metric_id, area_id, stratum_id, event_date order by known_from
        )
),

shown as (
    -- Whoever takes the word after a source's final value leaves what was learned from it as it was.
    select
        in_order.source_id,
        in_order.metric_id,
        in_order.area_id,
        in_order.event_date,
        in_order.value,
        in_order.published_at,
        in_order.known_from,
        in_order.value_before,
        in_order.published_before,
        in_order.source_id_before,
        in_order.first_known,
        finals.final_at,
        last_value(in_order.value) over one_source as final_value,
        last_value(in_order.known_to) over one_source as final_known_to
    from in_order
    inner join {{ ref('finals') }} as finals
        on
            in_order.source_id = finals.source_id
            and in_order.metric_id = finals.metric_id
            and in_order.event_date = finals.event_date
            and in_order.known_from <= finals.final_at
    window
        one_source as (
            partition by
                in_order.metric_id,
                in_order.area_id,
                in_order.stratum_id,
                in_order.event_date,
                in_order.source_id
            order by in_order.known_from
            rows between unbounded preceding and unbounded following
        )
),

eventful as (
    select distinct shown.source_id, shown.metric_id, shown.area_id, shown.event_date
    from shown
    inner join {{ ref('events') }} as events
        on
            coalesce(events.metric_id, shown.metric_id) = shown.metric_id
            and coalesce(events.area_id, shown.area_id) = shown.area_id
            and coalesce(events.source_id, shown.source_id) = shown.source_id
            and shown.event_date >= coalesce(events.event_from, date '1900-01-01')
            and shown.event_date < coalesce(events.event_until, date '9999-01-01')
            and shown.first_known < events.happened_on
            and shown.final_at >= events.happened_on
),

growth as (
    select
        shown.source_id,
        shown.metric_id,
        shown.event_date,
        shown.published_at,
        shown.known_from,
        shown.value,
        shown.final_value,
        sizes.size_id,
        case
            when sizes.is_added then shown.final_value - shown.value
            else shown.final_value / shown.value
        end as growth,
        -- By how much it came nearer to the final value; together, all of it.
        abs(shown.final_value - coalesce(shown.value_before, 0))
        - abs(shown.final_value - shown.value) as gain,
        {{ days_between('shown.event_date', 'shown.published_at') }} as age_days,
        {{ weekday_of('shown.event_date') }} as weekday,
        eventful.event_date is not null as is_eventful,
        {{ days_after(monday_of('shown.final_at'), '7') }} as learned_from
    from shown
    inner join {{ ref('growth_sizes') }} as sizes on {{ is_of_size('shown.value') }}
    left join eventful using (source_id, metric_id, area_id, event_date)
    where
        (shown.final_known_to is null or shown.final_known_to > shown.final_at)
        and shown.final_value is not null
        and (
            shown.published_at is distinct from shown.published_before
            or shown.source_id is distinct from shown.source_id_before
        )
)

select * from growth
