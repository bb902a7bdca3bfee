-- Published series that no policy row maps to a metric or sets aside with a reason, in the newest file
-- that carries them. They are left out of the figures, and a person is told.

with published as (
    select source_id, series_id, file_sha256, published_at, min(landed_at) as landed_at
    from {{ ref('published_values') }}
    group by source_id, series_id, file_sha256, published_at
),

unmapped as (
    select
        published.source_id,
        published.series_id,
        published.file_sha256,
        published.landed_at,
        row_number() over (
            partition by published.source_id, published.series_id
            order by published.published_at desc, published.landed_at desc
        ) as newest
    from published
    left join {{ ref('series') }} as series
        on
            published.source_id = series.source_id
            and published.series_id = series.series_id
            and published.published_at >= coalesce(series.published_from, date '1900-01-01')
            and published.published_at < coalesce(series.published_until, date '9999-01-01')
    where series.source_id is null
),

tripped as (
    select source_id, file_sha256, landed_at, series_id, 'unmapped_series' as breaker_id
    from unmapped
    where newest = 1
)

select * from tripped
