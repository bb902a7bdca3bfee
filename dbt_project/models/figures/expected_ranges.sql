{{ config(materialized='view') }}
-- Each decision with the range in which its final value was expected when its value was published. What
-- stands unchanged while its day grows older keeps the range with which it began.

with ranges as (
    select
        decided.*,
        {{ expected_range('decided.value') }}
    from {{ ref('signed') }} as decided
    inner join {{ ref('metrics') }} as metrics on decided.metric_id = metrics.metric_id
    left join {{ ref('growth_sizes') }} as sizes on {{ is_of_size('decided.value') }}
    left join {{ ref('expectations') }} as expectations
        on
            decided.source_id = expectations.source_id
            and decided.metric_id = expectations.metric_id
            and sizes.size_id = expectations.size_id
            and {{ monday_of('decided.published_at') }} = expectations.learned_on
            and expectations.age_days
            = {{ days_between('decided.event_date', 'decided.published_at') }}
            and expectations.weekday = {{ weekday_of('decided.event_date') }}
)

select * from ranges
