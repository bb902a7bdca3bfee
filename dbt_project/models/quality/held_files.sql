-- Files that a breaker holds: they stay on disk and out of every decision until a person lets them go.

with held as (
    select source_id, file_sha256, breaker_id, since, sentence
    from {{ ref('breakers') }}
    where severity = 'hold' and not is_let_go
)

select * from held
