-- What tripped each breaker, row by row; its sentence names one of them. A row holds from known_from
-- until known_to.

with seen as (
    select
        trips.breaker_id,
        trips.source_id,
        trips.file_sha256,
        trips.metric_id,
        trips.seen,
        trips.landed_at as since,
        coalesce(trips.known_from, files.published_at) as known_from,
        trips.known_until as known_to
    from {{ ref('breaker_trips') }} as trips
    inner join {{ ref('landed_files') }} as files
        on trips.source_id = files.source_id and trips.file_sha256 = files.file_sha256
)

select * from seen
