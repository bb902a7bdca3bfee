-- Which areas a file of a full history lists, in order of publication, and the dates it spans.

with stated as (
    select stated.*
    from {{ ref('stated') }} as stated
    inner join {{ ref('sources') }} as sources on stated.source_id = sources.source_id
    where sources.absence = 'withdrawn'
),

files as (
    select
        source_id,
        metric_id,
        stratum_id,
        file_sha256,
        min(event_date) as first_date,
        max(event_date) as last_date
    from stated
    group by source_id, metric_id, stratum_id, file_sha256
),

areas as (
    select distinct
        source_id, metric_id, stratum_id, area_id, file_sha256, published_at, landed_at
    from stated
),

in_order as (
    select
        areas.*,
        files.first_date,
        files.last_date,
        row_number() over (
            partition by areas.source_id, areas.metric_id, areas.stratum_id, areas.area_id
            order by areas.published_at, areas.landed_at
        ) as listing
    from areas
    inner join files
        on
            areas.source_id = files.source_id
            and areas.metric_id = files.metric_id
            and areas.stratum_id = files.stratum_id
            and areas.file_sha256 = files.file_sha256
)

select * from in_order
