-- What each file says of each area over a week of settled days, beside all areas of the kind: the
-- share of an area in its kind hardly changes from file to file or between sources.

with settled as (
    select
        said.source_id,
        said.metric_id,
        said.stratum_id,
        said.file_sha256,
        said.published_at,
        said.landed_at,
        said.area_id,
        sum(said.value) as total
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('metrics') }} as metrics on said.metric_id = metrics.metric_id
    where
        {{ days_after('said.event_date', 'metrics.usual_lag_days') }} < said.published_at
        and {{ days_between('said.event_date', 'said.published_at') }}
        <= metrics.usual_lag_days + 7
        and not said.is_conflicting
        and said.value is not null
    group by
        said.source_id, said.metric_id, said.stratum_id, said.file_sha256, said.published_at,
        said.landed_at, said.area_id
),

beside_their_kind as (
    select
        settled.source_id,
        settled.metric_id,
        settled.stratum_id,
        settled.file_sha256,
        settled.published_at,
        settled.landed_at,
        areas.area_type,
        settled.area_id,
        settled.total,
        sum(settled.total) over one_kind as total_of_kind,
        count(*) over one_kind as areas_of_kind
    from settled
    inner join {{ ref('areas') }} as areas on settled.area_id = areas.area_id
    window
        one_kind as (
            partition by
                settled.source_id,
                settled.metric_id,
                settled.stratum_id,
                settled.file_sha256,
                areas.area_type
        )
),

beside_the_month as (
    select
        *,
        {{ middle('total / greatest(total_of_kind, 1)') }} over month_before as usual_share,
        count(*) over month_before as files_before
    from beside_their_kind
    window
        month_before as (
            partition by source_id, metric_id, stratum_id, area_id
            order by published_at, landed_at
            rows between 28 preceding and 1 preceding
        )
)

select * from beside_the_month
