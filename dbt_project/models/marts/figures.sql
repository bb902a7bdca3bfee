-- The figure that holds now: the version with no end. A day is provisional, and its final value only
-- expected, until the winner has spoken of the area again after the day's growth was over.

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
        case when settled_at is null then expected_low end as expected_low,
        case when settled_at is null then expected_high end as expected_high,
        case when settled_at is null then expected_low_80 end as expected_low_80,
        case when settled_at is null then expected_high_80 end as expected_high_80
    from {{ ref('figure_versions') }}
    left join unlisted using (source_id, metric_id, area_id)
    where known_to is null
)

select * from figures
