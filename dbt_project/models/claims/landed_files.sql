-- A raw file without a receipt is half a load and does not count yet. Files are numbered, since a
-- hash of 64 letters on each of many millions of rows would double the work of comparing them.

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
),

numbered as (
    select *, row_number() over (order by source_id, file_sha256) as file_number
    from landed
)

select * from numbered
