-- What the breakers said through time, as intervals: a row holds from known_from until known_to. What
-- they say of a file changes when they see more, when it is replaced, and when a person lets it go.

with trips as (
    select
        trips.breaker_id,
        thresholds.severity,
        thresholds.sentence,
        trips.source_id,
        trips.file_sha256,
        trips.since,
        trips.metric_id,
        trips.seen,
        files.file_name,
        files.published_at,
        trips.known_from,
        trips.known_to
    from {{ ref('breaker_rows') }} as trips
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on trips.breaker_id = thresholds.breaker_id
    inner join {{ ref('landed_files') }} as files
        on trips.source_id = files.source_id and trips.file_sha256 = files.file_sha256
),

turns as (
    select breaker_id, source_id, file_sha256, known_from
    from trips
    union
    select breaker_id, source_id, file_sha256, known_to as known_from
    from trips
    where known_to is not null
    union
    select trips.breaker_id, trips.source_id, trips.file_sha256, replaced.replaced_at as known_from
    from trips
    inner join {{ ref('replaced_files') }} as replaced
        on trips.source_id = replaced.source_id and trips.file_sha256 = replaced.file_sha256
    union
    select breaker_id, source_id, file_sha256, let_go_at as known_from
    from {{ ref('let_go') }}
),

spells as (
    select
        *,
        lead(known_from) over (
            partition by breaker_id, source_id, file_sha256 order by known_from
        ) as known_to
    from turns
),

seen as (
    select
        spells.breaker_id,
        trips.severity,
        spells.source_id,
        spells.file_sha256,
        trips.published_at,
        spells.known_from,
        spells.known_to,
        min(trips.since) as since,
        min(trips.file_name) as file_name,
        min(trips.sentence) as what,
        min(
            case when trips.seen <> '' then trim(trips.metric_id || ' ' || trips.seen) end
        ) as example,
        count(*) as trips
    from spells
    inner join trips
        on
            spells.breaker_id = trips.breaker_id
            and spells.source_id = trips.source_id
            and spells.file_sha256 = trips.file_sha256
            and spells.known_from >= trips.known_from
            and (trips.known_to is null or spells.known_from < trips.known_to)
    group by
        spells.breaker_id, trips.severity, spells.source_id, spells.file_sha256,
        trips.published_at, spells.known_from, spells.known_to
),

spoken as (
    select
        seen.breaker_id,
        seen.severity,
        seen.source_id,
        seen.file_sha256,
        seen.published_at,
        seen.since,
        seen.trips,
        let_go.word is not null as is_let_go,
        let_go.word is null
        and (replaced.replaced_at is null or replaced.replaced_at > seen.known_from) as is_open,
        seen.source_id || ', ' || seen.file_name || ': ' || seen.what
        || coalesce(' (' || seen.example || ')', '')
        || case
            when let_go.word is not null then '. Let go by ' || let_go.word || '.'
            when replaced.replaced_at <= seen.known_from
                then '. A newer file has taken its place.'
            when seen.severity = 'hold'
                then '. The file waits and the figures before it stay: ask the publisher.'
            else '.'
        end as sentence,
        seen.known_from,
        seen.known_to
    from seen
    left join {{ ref('replaced_files') }} as replaced
        on seen.source_id = replaced.source_id and seen.file_sha256 = replaced.file_sha256
    left join {{ ref('let_go') }} as let_go
        on
            seen.breaker_id = let_go.breaker_id
            and seen.source_id = let_go.source_id
            and seen.file_sha256 = let_go.file_sha256
            and seen.known_from >= let_go.let_go_at
)

select * from spoken
