-- When the final value of a day was known: the first time that its source spoke after the usual lag and
-- the days in which it may still amend. Running totals grow with the epidemic, not with the source.

with days as (
    select distinct
        decided.source_id,
        decided.metric_id,
        decided.event_date,
        {{ days_after(
            'decided.event_date', 'metrics.usual_lag_days + terms.settling_days'
        ) }} as final_from
    from {{ ref('decided') }} as decided
    inner join {{ ref('metrics') }} as metrics on decided.metric_id = metrics.metric_id
    inner join {{ ref('growth_terms') }} as terms on metrics.grain = terms.grain
    where metrics.cumulative_of is null
),

spoken as (
    select distinct source_id, metric_id, published_at
    from {{ ref('publications') }}
),

followed as (
    {{ first_spoken_from('final_from', ['source_id', 'metric_id']) }}
),

finals as (
    select days.source_id, days.metric_id, days.event_date, followed.spoken_at as final_at
    from days
    inner join followed using (source_id, metric_id, final_from)
    where followed.spoken_at is not null
)

select * from finals
