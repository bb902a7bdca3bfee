-- What witnesses say of the days that a file speaks of: the source itself before, every other source
-- now, and of a day that is new to the source, its first words on that weekday in the weeks before.

with own as (
    select
        days.*,
        '' as witness,
        0 as epochs_apart,
        settled_total is not null as is_settled,
        coalesce(settled_total, usual_total) as reference_total
    from {{ ref('recalled_days') }} as days
    where usual_total is not null
),

others as (
    select
        days.*,
        witnesses.witness,
        witnesses.epochs_apart,
        days.is_old as is_settled,
        seen.total as reference_total
    from {{ ref('recalled_days') }} as days
    inner join {{ ref('file_witnesses') }} as witnesses
        on
            days.source_id = witnesses.source_id
            and days.metric_id = witnesses.metric_id
            and days.file_sha256 = witnesses.file_sha256
    inner join {{ ref('file_days') }} as seen
        on
            witnesses.witness = seen.source_id
            and days.metric_id = seen.metric_id
            and witnesses.witness_sha256 = seen.file_sha256
            and days.stratum_id = seen.stratum_id
            and days.area_type = seen.area_type
            and days.event_date = seen.event_date
            and days.areas = seen.areas
),

weeks_before as (
    select
        days.*,
        cast(weeks.weeks as string) || ' weeks before' as witness,
        0 as epochs_apart,
        false as is_settled,
        first_words.total as reference_total
    from {{ ref('recalled_days') }} as days
    cross join (select 1 as weeks union all select 2 as weeks union all select 3 as weeks) as weeks
    inner join {{ ref('recalled_days') }} as first_words
        on
            days.source_id = first_words.source_id
            and days.metric_id = first_words.metric_id
            and days.stratum_id = first_words.stratum_id
            and days.area_type = first_words.area_type
            and days.areas = first_words.areas
            and days.age_days = first_words.age_days
            and days.epoch = first_words.epoch
            and {{ days_between('first_words.event_date', 'days.event_date') }} = 7 * weeks.weeks
    where days.usual_total is null and first_words.usual_total is null and days.age_days <= 28
),

sightings as (
    select * from own
    union all
    select * from others
    union all
    select * from weeks_before
),

named as (
    select
        *,
        witness like '% before' as is_trend,
        'days' as scope,
        cast(event_date as string) as subject,
        cast(age_days as string) || '/' || cast(epochs_apart as string) as slot
    from sightings
)

select age_days, epochs_apart, is_trend, {{ sighting_columns() }} from named
