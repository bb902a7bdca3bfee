-- When a day was settled for a source: the first time that it spoke of the area again after its growth
-- was over. The calendar alone settles nothing, and what is said of other areas settles nothing here.

with days as (
    select distinct
        decided.source_id,
        decided.metric_id,
        decided.area_id,
        provisional_days.provisional_until
    from {{ ref('signed') }} as decided
    inner join {{ ref('provisional_days') }} as provisional_days
        using (source_id, metric_id, event_date)
),

spoken as (
    select source_id, metric_id, area_id, published_at
    from {{ ref('publications') }}
    union
    -- A correction says nothing of when its day is complete; whoever publishes does.
    select 'ground_reports' as source_id, publications.metric_id, publications.area_id, published_at
    from {{ ref('publications') }} as publications
    inner join (
        select distinct metric_id, area_id from days where source_id = 'ground_reports'
    ) as corrected
        on
            publications.metric_id = corrected.metric_id
            and publications.area_id = corrected.area_id
),

followed as (
    {{ first_spoken_from('provisional_until', ['source_id', 'metric_id', 'area_id']) }}
),

settlings as (
    select source_id, metric_id, area_id, provisional_until, spoken_at as settled_at
    from followed
)

select * from settlings
