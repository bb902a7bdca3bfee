-- Everything that a breaker has to say, one row each, in a sentence that a person can act on.

with spoken as (
    select breaker_id, severity, source_id, file_sha256, landed_at as since, sentence
    from {{ ref('held_files') }}
)

select * from spoken
