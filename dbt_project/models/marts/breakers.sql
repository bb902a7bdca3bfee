-- What the breakers say, one row a breaker and file, in a sentence that a person can act on.

with trips as (
    select
        trips.breaker_id,
        thresholds.severity,
        trips.source_id,
        trips.file_sha256,
        min(trips.landed_at) as since,
        min(thresholds.sentence) as what,
        min(trips.metric_id) as metric_id,
        min(trips.seen) as seen,
        count(*) as trips
    from {{ ref('breaker_trips') }} as trips
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on trips.breaker_id = thresholds.breaker_id
    group by trips.breaker_id, thresholds.severity, trips.source_id, trips.file_sha256
),

spoken as (
    select
        trips.breaker_id,
        trips.severity,
        trips.source_id,
        trips.file_sha256,
        trips.since,
        trips.trips,
        trips.source_id || ', ' || files.file_name || ': ' || trips.what
        || case
            when trips.seen = '' then ''
            else ' (' || trim(trips.metric_id || ' ' || trips.seen) || ')'
        end
        || case
            when trips.severity = 'hold'
                then '. The file waits and the figures before it stay: ask the publisher.'
            else '.'
        end as sentence
    from trips
    left join {{ ref('landed_files') }} as files
        on trips.source_id = files.source_id and trips.file_sha256 = files.file_sha256
)

select * from spoken
