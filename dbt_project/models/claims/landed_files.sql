-- A raw file without a receipt is half a load and does not count yet.

with landed as (
    select
        source_id,
        file_sha256,
        min(file_name) as file_name,
        min(published_at) as published_at,
        min(landed_at) as landed_at,
        max(rows_quarantined) as rows_quarantined
    from {{ ref('arrivals') }}
    where verdict = 'landed'
    group by source_id, file_sha256
)

select * from landed
