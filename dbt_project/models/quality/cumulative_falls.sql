-- Days on which the running total of a country or nation fell within one file, whether or not daily
-- values are made of that total. Smaller areas are corrected too often to tell anything.

with totals as (
    select statements.*, metrics.cumulative_of
    from {{ ref('statements') }} as statements
    inner join {{ ref('metrics') }} as metrics on statements.metric_id = metrics.metric_id
    inner join {{ ref('areas') }} as areas on statements.area_id = areas.area_id
    where
        metrics.cumulative_of is not null
        and areas.area_type in ('country', 'country_group', 'nation')
        and statements.value is not null
),

with_day_before as (
    select
        *,
        {{ on_date_before('value') }} as total_before,
        {{ on_date_before('event_date') }} as date_before
    from totals
),

falls as (
    select
        source_id,
        metric_id,
        cumulative_of,
        area_id,
        event_date,
        value - total_before as fall,
        total_before,
        published_at,
        landed_at,
        file_sha256,
        file_row
    from with_day_before
    where {{ days_between('date_before', 'event_date') }} = 1 and value < total_before
)

select * from falls
