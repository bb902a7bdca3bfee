-- Absence is a withdrawal only inside what a file covers: an area it lists, between its first and
-- last date, in a source that publishes its full history, and only if no row of it was set aside.

with stated as (
    select stated.*, sources.absence
    from {{ ref('stated') }} as stated
    inner join {{ ref('sources') }} as sources using (source_id)
    where sources.absence = 'withdrawn'
),

files as (
    select
        source_id,
        metric_id,
        stratum_id,
        file_sha256,
        published_at,
        landed_at,
        min(event_date) as first_date,
        max(event_date) as last_date
    from stated
    group by source_id, metric_id, stratum_id, file_sha256, published_at, landed_at
),

listings as (
    select
        files.*,
        areas.area_id,
        landed_files.rows_quarantined,
        row_number() over (
            partition by files.source_id, files.metric_id, files.stratum_id, areas.area_id
            order by files.published_at, files.landed_at
        ) as listing
    from files
    inner join (select distinct file_sha256, metric_id, stratum_id, area_id from stated) as areas
        using (file_sha256, metric_id, stratum_id)
    inner join {{ ref('landed_files') }} as landed_files using (source_id, file_sha256)
),

in_order as (
    select
        stated.*,
        listings.listing,
        lead(listings.listing) over (
            partition by
                stated.source_id,
                stated.metric_id,
                stated.stratum_id,
                stated.area_id,
                stated.event_date
            order by listings.listing
        ) as next_listing
    from stated
    inner join listings using (source_id, metric_id, stratum_id, area_id, file_sha256)
),

left_out as (
    select
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        said.source_id,
        said.series_id,
        later.file_sha256,
        later.published_at,
        later.landed_at
    from in_order as said
    inner join listings as later
        on
            said.source_id = later.source_id
            and said.metric_id = later.metric_id
            and said.stratum_id = later.stratum_id
            and said.area_id = later.area_id
            and said.event_date between later.first_date and later.last_date
            and said.listing < later.listing
            and later.listing < coalesce(said.next_listing, 2147483647)
    where
        (said.next_listing is null or said.next_listing > said.listing + 1)
        and said.missing_reason is distinct from 'withdrawn'
        and later.rows_quarantined = 0
)

select * from left_out
