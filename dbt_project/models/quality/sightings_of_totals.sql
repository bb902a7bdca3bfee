-- What witnesses say of all settled days of a file together: steps too small for any single day.

with totals as (
    select
        source_id,
        metric_id,
        stratum_id,
        area_type,
        file_sha256,
        published_at,
        landed_at,
        witness,
        'total' as scope,
        'settled days' as subject,
        cast(epochs_apart as string) as slot,
        true as is_settled,
        sum(total) as total,
        sum(reference_total) as reference_total
    from {{ ref('sightings_of_days') }}
    where is_settled and (witness = '' or age_days <= 28)
    group by
        source_id,
        metric_id,
        stratum_id,
        area_type,
        file_sha256,
        published_at,
        landed_at,
        witness,
        epochs_apart
)

select * from totals
