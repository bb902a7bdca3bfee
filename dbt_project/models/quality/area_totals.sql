-- What each file says of each area over the settled days of its last four weeks, beside all areas of
-- the kind: an area's share of its kind hardly changes from file to file or between sources.

with settled as (
    select
        said.source_id,
        said.metric_id,
        said.stratum_id,
        said.file_sha256,
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
    group by said.source_id, said.metric_id, said.stratum_id, said.file_sha256, said.area_id
),

beside_their_kind as (
    select
        settled.source_id,
        settled.metric_id,
        settled.stratum_id,
        settled.file_sha256,
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
)

select * from beside_their_kind
