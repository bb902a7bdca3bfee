-- Bytes that came again: the newest file of a source on a later day, or the file of the day before
-- under a new date of publication. A feed that repeats itself has nothing new to say.

with landed as (
    select
        source_id,
        file_sha256,
        landed_at,
        row_number() over (
            partition by source_id order by published_at desc, landed_at desc
        ) as newest
    from {{ ref('landed_files') }}
),

come_again as (
    select known.source_id, known.file_sha256, known.landed_at
    from {{ ref('arrivals') }} as known
    inner join landed
        on
            known.source_id = landed.source_id
            and known.file_sha256 = landed.file_sha256
            and landed.newest = 1
            and cast(known.landed_at as date) > cast(landed.landed_at as date)
    where known.verdict = 'known'
),

published_again as (
    select later.source_id, later.file_sha256, later.landed_at
    from {{ ref('file_order') }} as later
    inner join {{ ref('file_order') }} as earlier
        on
            later.source_id = earlier.source_id
            and later.metric_id = earlier.metric_id
            and later.place = earlier.place + 1
            and {{ bytes_hash('later.file_sha256') }} = {{ bytes_hash('earlier.file_sha256') }}
),

again as (
    select source_id, file_sha256, min(landed_at) as landed_at, 'same_file_again' as breaker_id
    from (
        select * from come_again
        union all
        select * from published_again
    ) as repeats
    group by source_id, file_sha256
)

select * from again
