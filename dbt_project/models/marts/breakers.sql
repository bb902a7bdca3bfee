-- What the breakers say now, one row a breaker and file, in a sentence that a person can act on.

with breakers as (
    select
        breaker_id,
        severity,
        source_id,
        file_sha256,
        published_at,
        since,
        trips,
        is_let_go,
        is_open,
        sentence
    from {{ ref('breaker_versions') }}
    where known_to is null
)

select * from breakers
