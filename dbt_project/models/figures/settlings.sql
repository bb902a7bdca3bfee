-- When a day was settled for a source: the first time that it spoke of the area again after the usual
-- lag. The calendar alone settles nothing, and what is said of other areas settles nothing here.

with days as (
    select distinct
        decided.source_id,
        decided.metric_id,
        decided.area_id,
        {{ days_after('decided.event_date', 'metrics.usual_lag_days') }} as provisional_until
    from {{ ref('signed') }} as decided
    inner join {{ ref('metrics') }} as metrics on decided.metric_id = metrics.metric_id
),

moments as (
    select
        source_id,
        metric_id,
        area_id,
        provisional_until,
        cast(provisional_until as timestamp) as moment,
        cast(null as timestamp) as published_at
    from days
    union all
    select
        source_id,
        metric_id,
        area_id,
        cast(null as date) as provisional_until,
        published_at as moment,
        published_at
    from {{ ref('publications') }}
),

followed as (
    select
        *,
        min(published_at) over (
            partition by source_id, metric_id, area_id order by moment
            range between current row and unbounded following
        ) as settled_at
    from moments
),

settlings as (
    select source_id, metric_id, area_id, provisional_until, settled_at
    from followed
    where provisional_until is not null
)

select * from settlings
