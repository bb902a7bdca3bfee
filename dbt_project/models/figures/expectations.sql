-- What is expected of a value of an age, a size and a weekday: the growth of its weekday, with too little
-- history of that the growth of all days, and with too little of that nothing. Nothing either where so
-- little has come in at that age that it says nothing.

with learned as (
    select
        learned.*,
        learned.observations >= terms.least_observations
        and learned.days >= terms.least_days as is_enough,
        sum(learned.value) over one_age >= terms.least_share * sum(learned.final_value) over one_age
            as says_enough
    from {{ ref('learned_growth') }} as learned
    inner join {{ ref('metrics') }} as metrics on learned.metric_id = metrics.metric_id
    inner join {{ ref('growth_terms') }} as terms on metrics.grain = terms.grain
    window
        one_age as (
            partition by
                learned.source_id, learned.metric_id, learned.learned_on, learned.age_days
        )
),

weekdays as (
    -- All seven: which of them any metric has learned of by now says nothing of this one then.
    {% for weekday in range(1, 8) %}
        select {{ weekday }} as weekday {{ "union all" if not loop.last }}
    {% endfor %}
),

resolved as (
    select
        of_all_days.source_id,
        of_all_days.metric_id,
        of_all_days.learned_on,
        of_all_days.age_days,
        of_all_days.size_id,
        weekdays.weekday,
        own.weekday is not null as is_of_weekday,
        coalesce(own.observations, of_all_days.observations) as observations,
        coalesce(own.growths, of_all_days.growths) as growths
    from learned as of_all_days
    cross join weekdays
    left join learned as own
        on
            of_all_days.source_id = own.source_id
            and of_all_days.metric_id = own.metric_id
            and of_all_days.learned_on = own.learned_on
            and of_all_days.age_days = own.age_days
            and of_all_days.size_id = own.size_id
            and weekdays.weekday = own.weekday
            and own.is_enough
    where of_all_days.weekday is null and of_all_days.is_enough and of_all_days.says_enough
),

expectations as (
    select
        source_id,
        metric_id,
        learned_on,
        age_days,
        size_id,
        weekday,
        is_of_weekday,
        observations,
        {{ element_of('growths', 1) }} as low_95,
        {{ element_of('growths', 2) }} as low_80,
        {{ element_of('growths', 3) }} as middle,
        {{ element_of('growths', 4) }} as high_80,
        {{ element_of('growths', 5) }} as high_95
    from resolved
)

select * from expectations
