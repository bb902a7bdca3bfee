-- How values of an age and a size grew, by weekday and of all days, by what was known at the start of
-- a week: the quantiles between which 95 and 80 of 100 lay, and the middle.

with weeks as (
    select distinct source_id, metric_id, {{ monday_of('published_at') }} as learned_on
    from {{ ref('decided') }}
),

seen as (
    select growth.*, weeks.learned_on
    from {{ ref('growth') }} as growth
    inner join {{ ref('metrics') }} as metrics on growth.metric_id = metrics.metric_id
    inner join {{ ref('growth_terms') }} as terms on metrics.grain = terms.grain
    inner join weeks
        on
            growth.source_id = weeks.source_id
            and growth.metric_id = weeks.metric_id
            and growth.learned_from <= weeks.learned_on
            and {{ days_after('growth.learned_from', 'terms.window_days') }} > weeks.learned_on
    where not growth.is_eventful
),

learned as (
    select
        source_id,
        metric_id,
        learned_on,
        age_days,
        size_id,
        weekday,
        count(*) as observations,
        count(distinct event_date) as days,
        sum(value) as value,
        sum(final_value) as final_value,
        {{ quantiles('growth', '0.025, 0.1, 0.5, 0.9, 0.975') }} as growths
    from seen
    group by
        grouping sets (
            (source_id, metric_id, learned_on, age_days, size_id, weekday),
            (source_id, metric_id, learned_on, age_days, size_id)
        )
)

select * from learned
