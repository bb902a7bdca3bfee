-- The figure that holds now: the version with no end. A day is provisional until the winner has
-- spoken again after the metric's usual lag.

with spoken as (
    select source_id, metric_id, max(published_at) as last_published_at
    from {{ ref('publications') }}
    group by source_id, metric_id
),

holding as (
    select versions.*, spoken.last_published_at
    from {{ ref('figure_versions') }} as versions
    left join spoken using (source_id, metric_id)
    where versions.known_to is null
),

figures as (
    select
        {{ figure_columns() }},
        coalesce(last_published_at, known_from) < provisional_until as is_provisional,
        cast(null as double) as expected_low,
        cast(null as double) as expected_high
    from holding
)

select * from figures
