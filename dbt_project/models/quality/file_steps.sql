-- How many times as many people as an earlier file each file says there were, on the settled days of
-- both: beside the one that last said most of them. What was said since is not asked of the others, since
-- of two files that follow each other one may say a week and the other a year.

with said_again as (
    select
        *,
        -- Where hardly anybody is counted, or the day still grew, nothing can be told.
        case
            when last_was_grown and greatest(total, last_total) >= 10
                -- No one is added here: ten times five people is ten times as many.
                then ln(greatest(total, 1) / greatest(last_total, 1))
        end as moved,
        case
            when greatest(total, usual_total) >= 10 then {{ log_ratio('total', 'usual_total') }}
        end as moved_from_usual
    from {{ ref('recalled_days') }}
    where is_old and last_total is not null
),

beside_each as (
    select
        {{ file_slice_columns() }},
        place,
        epoch,
        last_place,
        -- Most days moved alike, or the file corrects some of them and stands where it stood.
        coalesce({{ middle('moved') }}, 0) as step,
        {{ middle('moved_from_usual') }} as step_from_usual,
        sum(total) as total,
        greatest(sum(total), sum(last_total)) as most_people
    from said_again
    group by {{ file_slice_columns() }}, place, epoch, last_place
),

beside_one as (
    select
        *,
        row_number() over (
            partition by {{ file_slice_columns() }}, place, epoch
            order by most_people desc, last_place desc
        ) as choice
    from beside_each
),

steps as (
    select
        beside_one.*,
        case
            when most_people >= thresholds.least_count_when_new and abs(step) > ln(5) then step
            else 0
        end as large_step
    from beside_one
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'total_moved'
    where choice = 1
)

select * from steps
