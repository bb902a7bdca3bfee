-- A file that repeats a value says nothing new, yet it says that the value still stands, for the areas
-- that it lists. The same bytes again say not even that: a feed that died repeats itself.

with spoken as (
    select
        source_id,
        metric_id,
        area_id,
        published_at,
        max(landed_at) as landed_at,
        max({{ bytes_hash('file_sha256') }}) as bytes_sha256
    from {{ ref('stated') }}
    group by source_id, metric_id, area_id, published_at
),

in_order as (
    select
        *,
        lag(bytes_sha256) over (
            partition by source_id, metric_id, area_id order by published_at
        ) as bytes_before
    from spoken
),

publications as (
    select source_id, metric_id, area_id, published_at
    from in_order
    where bytes_sha256 is distinct from bytes_before
)

select * from publications
order by source_id, metric_id, area_id, published_at
