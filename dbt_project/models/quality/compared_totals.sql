-- The same for all settled days together, and for all days that are not settled yet.

with totals as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        reference_source_id,
        epoch,
        reference_epoch,
        stratum_id,
        area_type,
        is_settled,
        -- Of another source all settled days are alike; one's own still grow a little with age.
        case when reference_source_id = source_id or not is_settled then min(age_days) end
            as age_days,
        case when reference_source_id = source_id or not is_settled then min(reference_age_days) end
            as reference_age_days,
        sum(total) as total,
        sum(reference_total) as reference_total
    from {{ ref('compared_days') }}
    group by
        source_id, metric_id, file_sha256, published_at, landed_at, reference_source_id,
        reference_sha256, epoch, reference_epoch, stratum_id, area_type, is_settled
)

select * from totals
