-- Files that a breaker holds: they stay on disk and out of every decision until a person looks.

with at_a_cap as (
    select
        source_id,
        file_sha256,
        file_name,
        landed_at,
        'row_cap' as breaker_id,
        'hold' as severity,
        file_name || ' holds exactly ' || cast(row_cap as string)
        || ' rows, the number at which programs cut files off: ask ' || source_id
        || ' for the rest before you trust it.' as sentence
    from {{ ref('arrivals') }}
    where verdict = 'landed' and row_cap > 0
)

select * from at_a_cap
