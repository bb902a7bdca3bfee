-- Published series that no policy row maps to a metric or sets aside with a reason, in the newest file
-- that carries them, for as long as it is the newest. They are left out of the figures, and a person is
-- told.

with published as (
    select source_id, series_id, file_sha256, published_at, min(landed_at) as landed_at
    from {{ ref('published_values') }}
    group by source_id, series_id, file_sha256, published_at
),

in_order as (
    select
        *,
        lead(published_at) over (
            partition by source_id, series_id order by published_at, landed_at
        ) as next_published_at
    from published
),

unmapped as (
    select
        published.source_id,
        published.series_id,
        published.file_sha256,
        published.landed_at,
        published.published_at as known_from,
        published.next_published_at as known_until
    from in_order as published
    left join {{ ref('series') }} as series
        on
            published.source_id = series.source_id
            and published.series_id = series.series_id
            and published.published_at >= coalesce(series.published_from, date '1900-01-01')
            and published.published_at < coalesce(series.published_until, date '9999-01-01')
    where series.source_id is null
),

tripped as (
    select *, 'unmapped_series' as breaker_id
    from unmapped
    where known_until is null or known_until > known_from
)

select * from tripped
