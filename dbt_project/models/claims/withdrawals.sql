-- Absence is a withdrawal only inside what a file covers: an area it lists, between its first and
-- last date, in a source that publishes its full history, and only if no row of it was set aside.

with said as (
    select
        stated.metric_id,
        stated.area_id,
        stated.stratum_id,
        stated.event_date,
        stated.source_id,
        stated.series_id,
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
    from {{ ref('stated') }} as stated
    inner join {{ ref('listings') }} as listings
        using (source_id, metric_id, stratum_id, area_id, file_sha256)
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
    from said
    inner join {{ ref('listings') }} as later
        on
            said.source_id = later.source_id
            and said.metric_id = later.metric_id
            and said.stratum_id = later.stratum_id
            and said.area_id = later.area_id
            and said.event_date between later.first_date and later.last_date
            and said.listing < later.listing
            and later.listing < coalesce(said.next_listing, 2147483647)
    inner join {{ ref('landed_files') }} as landed_files
        on later.source_id = landed_files.source_id and later.file_sha256 = landed_files.file_sha256
    -- Only where the very next listing leaves the cell out is there anything to look for.
    where
        (said.next_listing is null or said.next_listing > said.listing + 1)
        and landed_files.rows_quarantined = 0
)

select * from left_out
