-- For how many days a day grows, by what was known at the start of a week: after so many days 95 of 100
-- days that were watched while they grew had reached nearly all of their final values, for good.

with gained as (
    select source_id, metric_id, event_date, learned_from, age_days, sum(gain) as gain
    from {{ ref('growth') }}
    where not is_eventful
    group by source_id, metric_id, event_date, learned_from, age_days
),

reached as (
    select
        *,
        sum(gain) over in_order / nullif(sum(gain) over one_day, 0) as share,
        lead(age_days) over in_order as next_age_days
    from gained
    window
        one_day as (partition by source_id, metric_id, event_date),
        in_order as (partition by source_id, metric_id, event_date order by age_days)
),

grown as (
    select
        reached.source_id,
        reached.metric_id,
        reached.event_date,
        reached.learned_from,
        min(reached.age_days) as first_seen,
        max(case when reached.share < terms.nearly_all then reached.age_days end) as short_until,
        max(case when reached.share < terms.nearly_all then reached.next_age_days end) as next_seen
    from reached
    inner join {{ ref('metrics') }} as metrics on reached.metric_id = metrics.metric_id
    inner join {{ ref('growth_terms') }} as terms on metrics.grain = terms.grain
    group by
        reached.source_id,
        reached.metric_id,
        reached.event_date,
        reached.learned_from,
        metrics.usual_lag_days,
        terms.most_gap_days
    having
        (short_until is not null or first_seen <= metrics.usual_lag_days)
        and coalesce(next_seen - short_until, 0) <= terms.most_gap_days
),

weeks as (
    select distinct source_id, metric_id, {{ monday_of('event_date') }} as learned_on
    from {{ ref('decided') }}
),

ends as (
    select
        grown.source_id,
        grown.metric_id,
        weeks.learned_on,
        percentile_disc(0.95) within group (
            order by coalesce(grown.short_until + 1, grown.first_seen)
        ) as grows_for_days
    from grown
    inner join {{ ref('metrics') }} as metrics on grown.metric_id = metrics.metric_id
    inner join {{ ref('growth_terms') }} as terms on metrics.grain = terms.grain
    inner join weeks
        on
            grown.source_id = weeks.source_id
            and grown.metric_id = weeks.metric_id
            and grown.learned_from <= weeks.learned_on
            and {{ days_after('grown.learned_from', 'terms.window_days') }} > weeks.learned_on
    group by grown.source_id, grown.metric_id, weeks.learned_on, terms.least_observations
    having count(*) >= terms.least_observations
)

select * from ends
