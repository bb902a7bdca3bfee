-- How often past ranges held: each as it was shown while its day was provisional, beside the final
-- value that came, by the week from whose start on that was known. Ranges that an event broke count.

with shown as (
    select
        growth.source_id,
        growth.metric_id,
        growth.age_days,
        growth.learned_from as scored_on,
        growth.final_value,
        {{ expected_range('growth.value') }}
    from {{ ref('growth') }} as growth
    inner join {{ ref('metrics') }} as metrics on growth.metric_id = metrics.metric_id
    inner join {{ ref('growth_sizes') }} as sizes on growth.size_id = sizes.size_id
    inner join {{ ref('provisional_days') }} as provisional_days
        on
            growth.source_id = provisional_days.source_id
            and growth.metric_id = provisional_days.metric_id
            and growth.event_date = provisional_days.event_date
            and growth.known_from < provisional_days.provisional_until
    inner join {{ ref('expectations') }} as expectations
        on
            growth.source_id = expectations.source_id
            and growth.metric_id = expectations.metric_id
            and growth.size_id = expectations.size_id
            and growth.age_days = expectations.age_days
            and growth.weekday = expectations.weekday
            and {{ monday_of('growth.published_at') }} = expectations.learned_on
),

scores as (
    select
        source_id,
        metric_id,
        cast(age_days as bigint) as age_days,
        scored_on,
        count(*) as ranges,
        avg(
            case when final_value between expected_low_80 and expected_high_80 then 1.0 else 0.0 end
        ) as held_80,
        avg(
            case when final_value between expected_low and expected_high then 1.0 else 0.0 end
        ) as held_95,
        sum(expected_high_80 - expected_low_80) / nullif(sum(final_value), 0) as width_80,
        sum(expected_high - expected_low) / nullif(sum(final_value), 0) as width_95
    from shown
    group by source_id, metric_id, age_days, scored_on
)

select * from scores
