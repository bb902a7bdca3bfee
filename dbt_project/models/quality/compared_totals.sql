-- The same for all days together that both had settled, and for all days that are not settled yet.

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
        min(age_days) as age_days,
        min(reference_age_days) as reference_age_days,
        sum(total) as total,
        sum(reference_total) as reference_total
    from {{ ref('compared_days') }}
    group by
        source_id, metric_id, file_sha256, published_at, landed_at, reference_source_id,
        reference_sha256, epoch, reference_epoch, stratum_id, area_type, is_settled
),

at_these_ages as (
    -- Of another source all settled days are alike; one's own still grow a little from file to file.
    select
        {{ compared_columns() }},
        case when is_settled then 'settled days' else 'recent days' end as subject,
        is_settled,
        case when not is_settled or reference_source_id = source_id then age_days end as age_days,
        case when not is_settled or reference_source_id = source_id then reference_age_days end
            as reference_age_days
    from totals
),

at_any_age as (
    -- After files that were held the last good one is older than usual, and the ages never met.
    select
        {{ compared_columns() }},
        'settled days at any age' as subject,
        is_settled,
        cast(null as bigint) as age_days,
        cast(null as bigint) as reference_age_days
    from totals
    where is_settled
)

select * from at_these_ages
union all
select * from at_any_age
