-- What witnesses say of all settled days of a file together, and of all its recent ones: steps too
-- small for any single day.

with days as (
    select *, case when is_settled then 'settled days' else 'recent days' end as some_days
    from {{ ref('sightings_of_days') }}
    where age_days <= 28 or (witness = '' and is_settled)
),

totals as (
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
        some_days as subject,
        -- Recent days are usual together only if they are as many and as often said.
        some_days || '/' || cast(epochs_apart as string) || '/' || cast(days_apart as string)
        || case
            when is_settled then ''
            else '/' || cast(count(*) as string) || '/' || cast(sum(times_recalled) as string)
        end as slot,
        is_settled,
        sum(total) as total,
        sum(reference_total) as reference_total
    from days
    group by
        source_id, metric_id, stratum_id, area_type, file_sha256, published_at, landed_at, witness,
        epochs_apart, days_apart, some_days, is_settled
)

select {{ sighting_columns() }} from totals
