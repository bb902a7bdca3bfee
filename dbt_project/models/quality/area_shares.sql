-- The share of each area in all areas of its kind, over the last fortnight of settled days in a file,
-- and how many people it would have by its share in the seven files before. Shares hardly change from
-- file to file.

with fortnights as (
    select
        said.source_id,
        said.metric_id,
        said.stratum_id,
        areas.area_type,
        said.area_id,
        said.file_sha256,
        said.published_at,
        said.landed_at,
        files.epoch,
        sum(said.value) as total
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('areas') }} as areas on said.area_id = areas.area_id
    inner join {{ ref('file_order') }} as files
        on
            said.source_id = files.source_id
            and said.metric_id = files.metric_id
            and said.file_sha256 = files.file_sha256
            and said.event_date >= {{ days_after('files.last_date', -14) }}
    where not said.is_conflicting and said.value is not null
    group by
        said.source_id,
        said.metric_id,
        said.stratum_id,
        areas.area_type,
        said.area_id,
        said.file_sha256,
        said.published_at,
        said.landed_at,
        files.epoch
),

shares as (
    select
        *,
        sum(total) over one_kind as total_of_kind,
        count(*) over one_kind as areas_of_kind
    from fortnights
    window
        one_kind as (
            partition by source_id, metric_id, stratum_id, area_type, file_sha256
        )
),

recalled as (
    select
        *,
        total / greatest(total_of_kind, 1) as share,
        {{ middle('total / greatest(total_of_kind, 1)') }} over week_of_files as usual_share,
        avg(total / greatest(total_of_kind, 1)) over week_of_files as mean_share
    from shares
    where areas_of_kind > 1
    window
        week_of_files as {{ files_before('source_id, metric_id, stratum_id, area_id, epoch', 7) }}
),

by_share as (
    select
        *,
        {{ people_by_share() }} as usual_total
    from recalled
    window
        one_kind as (
            partition by source_id, metric_id, stratum_id, area_type, file_sha256
        )
)

select * from by_share
