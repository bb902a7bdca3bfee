-- Published series that no policy row maps to a metric, or sets aside with a reason.

with published as (
    select distinct source_id, series_id, published_at from {{ ref('published_values') }}
),

unmapped as (
    select
        published.source_id,
        published.series_id,
        min(published.published_at) as first_published_at
    from published
    left join {{ ref('series') }} as series
        on
            published.source_id = series.source_id
            and published.series_id = series.series_id
            and published.published_at >= coalesce(series.published_from, date '1900-01-01')
            and published.published_at < coalesce(series.published_until, date '9999-01-01')
    where series.source_id is null
    group by published.source_id, published.series_id
)

select * from unmapped
