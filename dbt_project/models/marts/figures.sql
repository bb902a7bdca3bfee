-- The figure that holds now: the version with no end. A day is provisional until the winner has spoken
-- of the area again after the metric's usual lag.

with unlisted as (
    select source_id, metric_id, area_id, true as is_unlisted
    from {{ ref('unlisted_areas') }}
    where listed_from is null
),

figures as (
    select
        {{ figure_columns() }},
        settled_at is null as is_provisional,
        unlisted.is_unlisted is null as is_listed,
        cast(null as double) as expected_low,
        cast(null as double) as expected_high
    from {{ ref('figure_versions') }}
    left join unlisted using (source_id, metric_id, area_id)
    where known_to is null
)

select * from figures
