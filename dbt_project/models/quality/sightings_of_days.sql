-- What witnesses say of the days that a file speaks of: the source itself before, and every other
-- source in its newest file. A day counts where both speak of as many areas.

with unsuspected as (
    select
        days.*,
        case when suspects.file_sha256 is null then days.total end as good_total
    from {{ ref('recalled_days') }} as days
    left join {{ ref('suspect_files') }} as suspects
        using (source_id, metric_id, file_sha256)
),

remembered as (
    select
        *,
        {{ middle('good_total') }} over statements as usual_good_total,
        {{ middle('case when is_old then good_total end') }} over statements
            as settled_good_total,
        count(good_total) over statements as times_said
    from unsuspected
    window
        statements as {{ files_before(
            'source_id, metric_id, stratum_id, area_type, event_date, areas, epoch', 28
        ) }}
),

own as (
    select
        *,
        '' as witness,
        0 as epochs_apart,
        is_old as is_settled,
        case when is_old then settled_good_total else usual_good_total end as reference_total,
        -- Days that grow are usual by their age and by how often the source spoke of them before.
        case when is_old then 0 else times_said end as times_recalled
    from remembered
    where case when is_old then settled_good_total else usual_good_total end is not null
),

others as (
    select
        days.*,
        cast(null as double) as good_total,
        cast(null as double) as usual_good_total,
        cast(null as double) as settled_good_total,
        cast(0 as bigint) as times_said,
        witnesses.witness,
        witnesses.epochs_apart,
        days.is_old as is_settled,
        seen.total as reference_total,
        0 as times_recalled
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
        cast(age_days as string) || '/' || cast(epochs_apart as string)
        || '/' || cast(times_recalled as string) as slot
    from sightings
)

select age_days, epochs_apart, times_recalled, {{ sighting_columns() }} from named
