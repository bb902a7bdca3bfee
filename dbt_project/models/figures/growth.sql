-- How each value went on to grow that was shown before its day was final. What another source says is
-- no growth, and neither is what a recorded event changed; a decision that repeats the value because
-- another source spoke is no new value.

with shown as (
    select
        decided.source_id,
        decided.metric_id,
        decided.area_id,
        decided.event_date,
        decided.value,
        decided.published_at,
        decided.known_from,
        finals.final_at,
        lag(decided.value) over in_order as value_before,
        lag(decided.published_at) over in_order as published_before,
        lag(decided.source_id) over in_order as source_id_before,
        first_value(decided.known_from) over one_cell as first_known,
        last_value(decided.value) over one_cell as final_value,
        last_value(decided.source_id) over one_cell as final_source_id
    from {{ ref('decided') }} as decided
    inner join {{ ref('finals') }} as finals
        on
            decided.source_id = finals.source_id
            and decided.metric_id = finals.metric_id
            and decided.event_date = finals.event_date
            and decided.known_from <= finals.final_at
    window
        in_order as (
            partition by
                decided.metric_id, decided.area_id, decided.stratum_id, decided.event_date
            order by decided.known_from
        ),
        one_cell as (
            partition by
                decided.metric_id, decided.area_id, decided.stratum_id, decided.event_date
            order by decided.known_from
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
        shown.source_id = shown.final_source_id
        and shown.final_value is not null
        and (
            shown.published_at is distinct from shown.published_before
            or shown.source_id is distinct from shown.source_id_before
        )
)

select * from growth
