-- Days that are new to a source beside its first words on the same weekday in the three weeks before:
-- of such a day it has said nothing itself yet, and perhaps nobody has. A suspect's are not asked.

with first_words as (
    select * from {{ ref('recalled_days') }}
    where usual_total is null and age_days <= 28
),

unsuspected as (
    select words.*
    from first_words as words
    left join {{ ref('suspect_files') }} as suspects
        on
            words.source_id = suspects.source_id
            and words.metric_id = suspects.metric_id
            and words.file_sha256 = suspects.file_sha256
    where suspects.file_sha256 is null
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
    inner join unsuspected as earlier
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
