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

let_go as (
    select
        breaker_id,
        source_id,
        file_sha256,
        min(person || ', ' || cast(cast(decided_at as date) as string) || ': ' || reason) as word
    from {{ ref('decisions') }}
    where kind = 'let_go'
    group by breaker_id, source_id, file_sha256
),

held as (
    select distinct trips.source_id, trips.file_sha256
    from trips
    left join let_go using (breaker_id, source_id, file_sha256)
    where trips.severity = 'hold' and let_go.word is null
),

newest_good as (
    -- The newest file of each source that publishes its full history, if no breaker holds it.
    select files.source_id, max(files.published_at) as published_at
    from {{ ref('file_order') }} as files
    inner join {{ ref('sources') }} as sources on files.source_id = sources.source_id
    left join held
        on files.source_id = held.source_id and files.file_sha256 = held.file_sha256
    where held.file_sha256 is null and sources.absence = 'withdrawn'
    group by files.source_id
),

spoken as (
    select
        trips.breaker_id,
        trips.severity,
        trips.source_id,
        trips.file_sha256,
        files.published_at,
        trips.since,
        trips.trips,
        let_go.word is not null as is_let_go,
        -- A later full history that is good replaces what was held: nobody waits for it any more.
        let_go.word is null
        and coalesce(newest_good.published_at <= files.published_at, true) as is_open,
        trips.source_id || ', ' || files.file_name || ': ' || trips.what
        || case
            when trips.seen = '' then ''
            else ' (' || trim(trips.metric_id || ' ' || trips.seen) || ')'
        end
        || case
            when let_go.word is not null then '. Let go by ' || let_go.word || '.'
            when trips.severity = 'hold'
                then '. The file waits and the figures before it stay: ask the publisher.'
            else '.'
        end as sentence
    from trips
    left join {{ ref('landed_files') }} as files
        on trips.source_id = files.source_id and trips.file_sha256 = files.file_sha256
    left join newest_good on trips.source_id = newest_good.source_id
    left join let_go
        on
            trips.breaker_id = let_go.breaker_id
            and trips.source_id = let_go.source_id
            and trips.file_sha256 = let_go.file_sha256
)

select * from spoken
