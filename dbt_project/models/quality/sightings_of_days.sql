-- What witnesses say of the days that a file speaks of: the source itself before, and every other
-- source in its newest file. A day counts where both speak of as many areas.

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

sightings as (
    select * from own
    union all
    select * from others
),

named as (
    select
        *,
        'days' as scope,
        cast(event_date as string) as subject,
        cast(age_days as string) || '/' || cast(epochs_apart as string) as slot
    from sightings
)

select age_days, epochs_apart, {{ sighting_columns() }} from named
