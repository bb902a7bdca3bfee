-- What witnesses say of the days that a file speaks of: the source itself before, and every other
-- source in its newest file. A day counts where both speak of as many areas.

with own as (
    select
        {{ file_slice_columns() }},
        event_date,
        age_days,
        is_old as is_settled,
        total,
        '' as witness,
        0 as epochs_apart,
        reference_total,
        times_recalled
    from {{ ref('days_remembered') }}
),

others as (
    select
        {{ file_slice_columns('said') }},
        said.event_date,
        said.age_days,
        said.is_old as is_settled,
        said.total,
        witnesses.witness,
        witnesses.epochs_apart,
        seen.total as reference_total,
        0 as times_recalled
    from {{ said_and_seen('recalled_days', 'file_days', ['area_type', 'event_date', 'areas']) }}
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
        cast(age_days as string) || '/' || cast(epochs_apart as string)
        || '/' || cast(times_recalled as string) as slot
    from sightings
)

select age_days, epochs_apart, times_recalled, {{ sighting_columns() }} from named
