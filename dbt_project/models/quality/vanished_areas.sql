-- Areas that a publisher's newest file no longer lists. They keep their last claim, and sums over
-- areas leave them out: their counts usually stand under another code by now.

with listings as (
    select source_id, metric_id, area_id, max(published_at) as last_listed_at
    from {{ ref('stated') }}
    group by source_id, metric_id, area_id
),

newest as (
    select source_id, metric_id, max(published_at) as newest_published_at
    from {{ ref('publications') }}
    group by source_id, metric_id
),

vanished as (
    select
        listings.source_id,
        listings.metric_id,
        listings.area_id,
        listings.last_listed_at,
        newest.newest_published_at
    from listings
    inner join newest using (source_id, metric_id)
    where listings.last_listed_at < newest.newest_published_at
)

select * from vanished
