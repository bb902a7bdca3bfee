-- The files of each source and metric in order of publication, with the newest day that each holds.

with files as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        max(event_date) as last_date,
        {{ days_between('max(event_date)', 'published_at') }} as age_days
    from {{ ref('file_days') }}
    group by source_id, metric_id, file_sha256, published_at, landed_at
),

in_order as (
    select
        *,
        row_number() over (
            partition by source_id, metric_id order by published_at, landed_at
        ) as place
    from files
)

select * from in_order
