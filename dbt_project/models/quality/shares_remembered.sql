-- The share of each area in all of its kind beside what its own source said in the week of files
-- before, suspects left out.

with sound as (
    select
        shares.*,
        case when suspects.file_sha256 is null then shares.share end as sound_share,
        case when suspects.file_sha256 is null then shares.published_at end as sound_published_at
    from {{ ref('area_shares') }} as shares
    left join {{ ref('suspect_files') }} as suspects
        using (source_id, metric_id, file_sha256)
),

recalled as (
    select
        {{ file_slice_columns() }},
        area_id,
        total,
        total_of_kind,
        {{ middle('sound_share') }} over week_of_files as usual_share,
        avg(sound_share) over week_of_files as mean_share,
        min(sound_published_at) over week_of_files as oldest_published_at
    from sound
    window
        week_of_files as {{ files_before('source_id, metric_id, stratum_id, area_id, epoch', 7) }}
),

by_share as (
    select
        *,
        {{ people_by_share() }} as reference_total
    from recalled
    window
        one_kind as (
            partition by source_id, metric_id, stratum_id, area_type, file_sha256
        )
)

select * from by_share
where
    reference_total is not null
    and {{ days_between('oldest_published_at', 'published_at') }} <= 14
