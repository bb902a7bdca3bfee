-- Each file beside the three before it, on days that were settled already and the areas of one kind.
-- The middle of three ratios: one bad file before does not make a good one look bad.

with pairs as (
    select
        newer.source_id,
        newer.metric_id,
        newer.file_sha256,
        newer.published_at,
        newer.landed_at,
        older.file_sha256 as older_sha256,
        older.published_at as older_published_at
    from {{ ref('file_order') }} as newer
    inner join {{ ref('file_order') }} as older
        on
            newer.source_id = older.source_id
            and newer.metric_id = older.metric_id
            and older.place between newer.place - 3 and newer.place - 1
),

compared as (
    select
        pairs.source_id,
        pairs.metric_id,
        pairs.file_sha256,
        pairs.published_at,
        pairs.landed_at,
        pairs.older_sha256,
        pairs.older_published_at,
        new_days.area_type,
        sum(old_days.total) as total_before,
        sum(new_days.total) as total
    from pairs
    inner join {{ ref('metrics') }} as metrics on pairs.metric_id = metrics.metric_id
    inner join {{ ref('file_days') }} as new_days
        on
            pairs.source_id = new_days.source_id
            and pairs.metric_id = new_days.metric_id
            and pairs.file_sha256 = new_days.file_sha256
            and {{ days_after('new_days.event_date', 'metrics.usual_lag_days') }}
            < pairs.older_published_at
    inner join {{ ref('file_days') }} as old_days
        on
            new_days.source_id = old_days.source_id
            and new_days.metric_id = old_days.metric_id
            and new_days.stratum_id = old_days.stratum_id
            and new_days.area_type = old_days.area_type
            and new_days.event_date = old_days.event_date
            and new_days.areas = old_days.areas
            and pairs.older_sha256 = old_days.file_sha256
    group by
        pairs.source_id,
        pairs.metric_id,
        pairs.file_sha256,
        pairs.published_at,
        pairs.landed_at,
        pairs.older_sha256,
        pairs.older_published_at,
        new_days.area_type
),

middle as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        area_type,
        max(older_published_at) as published_before_at,
        max(total_before) as total_before,
        median(total / nullif(total_before, 0)) as ratio
    from compared
    group by source_id, metric_id, file_sha256, published_at, landed_at, area_type
)

select * from middle
where ratio is not null
