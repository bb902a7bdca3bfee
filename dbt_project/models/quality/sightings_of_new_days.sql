-- Days that are new to a source beside its first words on the same weekday in the three weeks before:
-- of such a day it has said nothing itself yet, and perhaps nobody has.

with first_words as (
    select * from {{ ref('recalled_days') }}
    where usual_total is null and age_days <= 28
),

weeks as (
    select 1 as weeks
    union all
    select 2 as weeks
    union all
    select 3 as weeks
),

beside_weeks as (
    select
        days.*,
        cast(weeks.weeks as string) || ' weeks before' as witness,
        'days' as scope,
        cast(days.event_date as string) as subject,
        cast(days.age_days as string) as slot,
        false as is_settled,
        earlier.total as reference_total
    from first_words as days
    cross join weeks
    inner join first_words as earlier
        on
            days.source_id = earlier.source_id
            and days.metric_id = earlier.metric_id
            and days.stratum_id = earlier.stratum_id
            and days.area_type = earlier.area_type
            and days.areas = earlier.areas
            and days.which_areas = earlier.which_areas
            and days.age_days = earlier.age_days
            and days.epoch = earlier.epoch
            and {{ days_between('earlier.event_date', 'days.event_date') }} = 7 * weeks.weeks
)

select {{ sighting_columns() }} from beside_weeks
