-- What each file says of each area, beside what it would say if the area had the share in all of its
-- kind that the reference files give it.

with compared as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.reference_source_id,
        files.epoch,
        files.reference_epoch,
        newer.stratum_id,
        newer.area_type,
        newer.area_id,
        newer.total,
        older.total * (greatest(newer.total_of_kind, 0) + 1)
        / (greatest(older.total_of_kind, 0) + 1) as reference_total
    from {{ ref('reference_files') }} as files
    inner join {{ ref('area_totals') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
    inner join {{ ref('area_totals') }} as older
        on
            files.reference_source_id = older.source_id
            and files.metric_id = older.metric_id
            and files.reference_sha256 = older.file_sha256
            and newer.stratum_id = older.stratum_id
            and newer.area_id = older.area_id
    where newer.areas_of_kind > 1
)

select * from compared
