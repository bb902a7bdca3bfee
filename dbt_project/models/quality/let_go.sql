-- When the first person let go what a breaker holds of a file, and in which words.

with let_go as (
    select
        breaker_id,
        source_id,
        file_sha256,
        min(decided_at) as let_go_at,
        min_by(
            person || ', ' || cast(cast(decided_at as date) as string) || ': ' || reason,
            decided_at
        ) as word
    from {{ ref('decisions') }}
    where kind = 'let_go'
    group by breaker_id, source_id, file_sha256
)

select * from let_go
