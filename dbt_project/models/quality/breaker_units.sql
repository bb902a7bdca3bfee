-- Files whose settled days are ten, a hundred or a thousand times what their source said before it went
-- so far, or a part of it. It never becomes usual: only an event on record says that it is right.

with levels as (
    select *, level / ln(10) as magnitude
    from {{ ref('file_levels') }}
),

tripped as (
    select
        levels.source_id,
        levels.file_sha256,
        levels.landed_at,
        levels.metric_id,
        levels.area_type,
        'settled days' as some_days,
        levels.total,
        levels.total / exp(levels.level) as expected_total,
        units.breaker_id
    from levels
    inner join {{ ref('breaker_thresholds') }} as units on units.breaker_id = 'units'
    where
        abs(levels.magnitude - round(levels.magnitude)) < units.floor
        and abs(round(levels.magnitude)) between 1 and 3
)

select * from tripped
