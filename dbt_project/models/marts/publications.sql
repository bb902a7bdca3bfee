-- A file that repeats a value says nothing new, yet it says that the value still stands, for the areas
-- that it lists. The same bytes in the next publication say not even that: a feed that died repeats
-- itself. Bytes that come back after others are spoken again.

with spoken as (
    select
        source_id,
        metric_id,
        area_id,
        published_at,
        max({{ bytes_hash('file_sha256') }}) as bytes_sha256
    from {{ ref('stated') }}
    group by source_id, metric_id, area_id, published_at
),

numbered as (
    select
        *,
        dense_rank() over (
            partition by source_id, metric_id order by published_at
        ) as edition
    from spoken
),

in_order as (
    select
        *,
        lag(bytes_sha256) over one_area as bytes_before,
        lag(edition) over one_area as edition_before
    from numbered
    window
        one_area as (partition by source_id, metric_id, area_id order by published_at)
),

publications as (
    select source_id, metric_id, area_id, published_at
    from in_order
    where bytes_sha256 is distinct from bytes_before or edition > edition_before + 1
)

select * from publications
order by source_id, metric_id, area_id, published_at
