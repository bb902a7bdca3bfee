-- Files without any area of a kind that every file before had, where these are too few to be counted
-- like others: a file without England's own rows leaves England as it was while its areas go on.

with tripped as (
    select
        keys.source_id,
        keys.metric_id,
        keys.file_sha256,
        keys.landed_at,
        keys.area_type,
        keys.example_area_id,
        'kind_missing' as breaker_id
    from {{ ref('vanished_keys') }} as keys
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'keys_vanished'
    inner join {{ ref('sources') }} as sources on keys.source_id = sources.source_id
    where
        sources.absence = 'withdrawn'
        and keys.files_before >= {{ enough_files() }}
        and keys.usually_missing = 0
        and keys.expected < thresholds.least_count
        and keys.missing = keys.expected
)

select * from tripped
