-- Files that breakers hold or held, and from when they count because people let go whatever held them.

with tripped as (
    select distinct trips.breaker_id, trips.source_id, trips.file_sha256
    from {{ ref('breaker_trips') }} as trips
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on trips.breaker_id = thresholds.breaker_id
    where thresholds.severity = 'hold'
),

held as (
    select
        tripped.source_id,
        tripped.file_sha256,
        case
            when count(let_go.let_go_at) = count(*) then max(let_go.let_go_at)
        end as let_go_at
    from tripped
    left join {{ ref('let_go') }} as let_go
        on
            tripped.breaker_id = let_go.breaker_id
            and tripped.source_id = let_go.source_id
            and tripped.file_sha256 = let_go.file_sha256
    group by tripped.source_id, tripped.file_sha256
),

holds as (
    select
        held.source_id,
        held.file_sha256,
        files.published_at,
        case
            when held.let_go_at is not null then greatest(held.let_go_at, files.published_at)
        end as let_go_at
    from held
    inner join {{ ref('landed_files') }} as files
        on held.source_id = files.source_id and held.file_sha256 = files.file_sha256
)

select * from holds
