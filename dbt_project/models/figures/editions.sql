-- When each source spoke of an area, and when it did so the last time before.

with editions as (
    select
        *,
        coalesce(
            lag(published_at) over one_area, timestamp '1900-01-01'
        ) as previous_published_at
    from {{ ref('publications') }}
    window
        one_area as (partition by source_id, metric_id, area_id order by published_at)
)

select * from editions
