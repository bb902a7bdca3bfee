-- On which level each file stands: the steps that led to it, from file to file, wherever one is many
-- times as high or as low as the one it is beside. A file that is ten times too high stays so for as
-- long as it is not mended, however usual it becomes; one that goes back to what is usual stands where
-- its source stood when that became usual.

with recursive levels as (
    select
        steps.*,
        steps.large_step as level,
        cast(0 as double) as usual_level
    from {{ ref('file_steps') }} as steps
    -- The first files of all stand beside files that stand beside none.
    left join {{ ref('file_steps') }} as earlier
        on
            steps.source_id = earlier.source_id
            and steps.metric_id = earlier.metric_id
            and steps.stratum_id = earlier.stratum_id
            and steps.area_type = earlier.area_type
            and steps.epoch = earlier.epoch
            and steps.last_place = earlier.place
    where earlier.place is null
    union all
    select
        steps.*,
        case
            -- Out of a file that was empty or rounded away no step says how far it leads.
            when steps.large_step <> 0 and abs(steps.step_from_usual) < ln(5)
                then levels.usual_level
            -- A file may be wrong on some days alone. Whoever stands beside it on the others is not
            -- wrong: right after it what is usual is still what was said before.
            when {{ stands_beside_days_said_right('steps', 'levels') }} then 0
            -- What went wrong at once may be mended in smaller steps, and is mended when these have
            -- led back.
            when levels.level <> 0 and abs(steps.step) > ln(1.5)
                then case
                    when abs(levels.level + steps.step) > ln(1.5)
                        then levels.level + steps.step
                    else 0
                end
            else levels.level + steps.large_step
        end as level,
        -- After a fortnight of wrong files what is usual is wrong as well.
        case
            when {{ stands_beside_days_said_right('steps', 'levels') }} then 0
            when steps.large_step = 0 and abs(steps.step_from_usual) < ln(5) then levels.level
            else levels.usual_level
        end as usual_level
    from levels
    inner join {{ ref('file_steps') }} as steps
        on
            levels.source_id = steps.source_id
            and levels.metric_id = steps.metric_id
            and levels.stratum_id = steps.stratum_id
            and levels.area_type = steps.area_type
            and levels.epoch = steps.epoch
            and levels.place = steps.last_place
)

select * from levels
