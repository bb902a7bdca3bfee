-- The newest file of a source came again, byte for byte, on a later day: a feed that repeats itself.

with landed as (
    select
        source_id,
        file_sha256,
        landed_at,
        row_number() over (
            partition by source_id order by published_at desc, landed_at desc
        ) as newest
    from {{ ref('arrivals') }}
    where verdict = 'landed'
),

again as (
    select
        known.source_id,
        known.file_sha256,
        min(known.landed_at) as landed_at,
        'same_file_again' as breaker_id
    from {{ ref('arrivals') }} as known
    inner join landed
        on
            known.source_id = landed.source_id
            and known.file_sha256 = landed.file_sha256
            and landed.newest = 1
            and cast(known.landed_at as date) > cast(landed.landed_at as date)
    where known.verdict = 'known'
    group by known.source_id, known.file_sha256
)

select * from again
