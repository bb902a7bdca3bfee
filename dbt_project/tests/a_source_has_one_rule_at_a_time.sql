-- Two rules about one metric and source must not hold on the same day: which of them ranked a claim
-- would be chance. Spans are compared in order, as those of the series are.
with spans as (
    select
        metric_id,
        source_id,
        rule_id,
        coalesce(agreed_on, date '1900-01-01') as first_day,
        coalesce(retired_on, date '9999-01-01') as day_after
    from {{ ref('precedence') }}
),

in_order as (
    select
        *,
        lead(first_day) over one_source as next_first_day,
        lead(rule_id) over one_source as next_rule_id
    from spans
    window one_source as (partition by metric_id, source_id order by first_day, day_after)
)

select * from in_order
where next_first_day < day_after
