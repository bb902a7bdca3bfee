-- Bytes that came again: the newest file of a source on a later day, which is said for as long as it
-- is the newest, or the file of the day before under a new date of publication. A feed that repeats
-- itself has nothing new to say.

with landed as (
    select
        source_id,
        file_sha256,
        published_at,
        landed_at,
        lead(published_at) over (
            partition by source_id order by published_at, landed_at
        ) as next_published_at
    from {{ ref('landed_files') }}
),

come_again as (
    select
        known.source_id,
        known.file_sha256,
        known.landed_at,
        landed.published_at as known_from,
        landed.next_published_at as known_until
    from {{ ref('arrivals') }} as known
    inner join landed
        on
            known.source_id = landed.source_id
            and known.file_sha256 = landed.file_sha256
            and cast(known.landed_at as date) > cast(landed.landed_at as date)
    where
        known.verdict = 'known'
        and (
            landed.next_published_at is null
            or landed.next_published_at > landed.published_at
        )
),

published_again as (
    select
        later.source_id,
        later.file_sha256,
        later.landed_at,
        later.published_at as known_from,
        cast(null as timestamp) as known_until
    from {{ ref('file_order') }} as later
    inner join {{ ref('file_order') }} as earlier
        on
            later.source_id = earlier.source_id
            and later.metric_id = earlier.metric_id
            and later.place = earlier.place + 1
            and {{ bytes_hash('later.file_sha256') }} = {{ bytes_hash('earlier.file_sha256') }}
),

again as (
    select
        source_id,
        file_sha256,
        min(landed_at) as landed_at,
        known_from,
        case when count(known_until) = count(*) then max(known_until) end as known_until,
        'same_file_again' as breaker_id
    from (
        select * from come_again
        union all
        select * from published_again
    ) as repeats
    group by source_id, file_sha256, known_from
)

select * from again
