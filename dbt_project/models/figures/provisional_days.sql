-- Until when a day is provisional: for as long as this source's days grew, by what was known before it;
-- where there is too little history, for the metric's usual lag. A running total goes with its days.

with days as (
    select distinct
        decided.source_id,
        decided.metric_id,
        decided.event_date,
        metrics.usual_lag_days,
        coalesce(metrics.cumulative_of, decided.metric_id) as daily_metric_id,
        {{ monday_of('decided.event_date') }} as learned_on
    from {{ ref('decided') }} as decided
    inner join {{ ref('metrics') }} as metrics on decided.metric_id = metrics.metric_id
),

provisional as (
    select
        days.source_id,
        days.metric_id,
        days.event_date,
        {{ days_after(
            'days.event_date', 'coalesce(ends.grows_for_days, days.usual_lag_days)'
        ) }} as provisional_until
    from days
    left join {{ ref('growth_ends') }} as ends
        on
            days.source_id = ends.source_id
            and days.daily_metric_id = ends.metric_id
            and days.learned_on = ends.learned_on
)

select * from provisional
