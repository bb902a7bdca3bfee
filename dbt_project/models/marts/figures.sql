-- The figure that holds now: the version with no end. A day is provisional until the winner has spoken
-- of the area again after the metric's usual lag.

with figures as (
    select
        {{ figure_columns() }},
        settled_at is null as is_provisional,
        unlisted_from is null as is_listed,
        cast(null as double) as expected_low,
        cast(null as double) as expected_high
    from {{ ref('figure_versions') }}
    where known_to is null
)

select * from figures
