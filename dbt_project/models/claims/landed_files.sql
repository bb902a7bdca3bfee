-- A raw file without a receipt is half a load and does not count yet, nor does a file of a source
-- whose agreement does not hold: it is left out before anything is decided. Files are numbered, since a
-- hash of 64 letters on each of many millions of rows would double the work of comparing them.

with taken_back as (
    -- Loaded under a wrong date, which was corrected since.
    select source_id, file_sha256, max(landed_at) as taken_back_at
    from {{ ref('arrivals') }}
    where verdict = 'taken_back'
    group by source_id, file_sha256
),

landed as (
    select
        arrivals.source_id,
        arrivals.file_sha256,
        min(arrivals.file_name) as file_name,
        min(arrivals.published_at) as published_at,
        min(arrivals.landed_at) as landed_at,
        max(arrivals.rows_quarantined) as rows_quarantined,
        max(arrivals.row_cap) as row_cap
    from {{ ref('arrivals') }} as arrivals
    inner join {{ ref('sources') }} as sources
        on arrivals.source_id = sources.source_id and sources.is_agreed
    left join taken_back
        on
            arrivals.source_id = taken_back.source_id
            and arrivals.file_sha256 = taken_back.file_sha256
    where
        arrivals.verdict = 'landed'
        and (taken_back.taken_back_at is null or arrivals.landed_at > taken_back.taken_back_at)
    group by arrivals.source_id, arrivals.file_sha256
),

numbered as (
    select *, row_number() over (order by source_id, file_sha256) as file_number
    from landed
)

select * from numbered
