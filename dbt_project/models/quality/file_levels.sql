-- On which level each file stands: how many times as many people as before it says there were on settled
-- days, wherever that is many times as many or as few at once. A file that is ten times too high stays so
-- for as long as it is not mended, however usual it becomes.

with said_again as (
    select *, {{ log_ratio('total', 'last_total') }} as moved
    from {{ ref('recalled_days') }}
    -- Where hardly anybody is counted, before and after, nothing can be told of a level.
    where is_old and greatest(total, last_total) >= 10 and last_total is not null
),

steps as (
    select
        {{ file_slice_columns() }},
        place,
        epoch,
        -- Most days moved alike, or the file corrects some of them and stands where it stood.
        {{ middle('moved') }} as step,
        sum(total) as total,
        greatest(sum(total), sum(last_total)) as most_people
    from said_again
    group by {{ file_slice_columns() }}, place, epoch
),

large_steps as (
    select
        steps.*,
        case
            when most_people >= thresholds.least_count_when_new and abs(step) > ln(5) then step
            else 0
        end as large_step
    from steps
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'total_moved'
),

levels as (
    select
        *,
        sum(large_step) over (
            partition by source_id, metric_id, stratum_id, area_type, epoch
            order by place
            rows between unbounded preceding and current row
        ) as level
    from large_steps
)

select * from levels
