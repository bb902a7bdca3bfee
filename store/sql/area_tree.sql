-- Which areas make up which: the tree of areas, other partitions that everybody knows, and mergers.
-- The parts of one partition cover their whole on the days on which they are there.
with placed as (
    select
        areas.parent_area_id as whole_id,
        areas.area_id as part_id,
        case
            when areas.is_upper_tier then 'upper tier'
            when areas.area_type in ('trust', 'independent_provider', 'hospital') then 'provider'
            else areas.area_type
        end as partition,
        areas.valid_from as since,
        areas.valid_to as until
    from {{ catalog }}.main.areas as areas
    -- Great Britain and England and Wales overlap.
    where areas.parent_area_id is not null and areas.area_type <> 'country_group'
),

otherwise as (
    select
        area_parts.whole_id,
        area_parts.part_id,
        area_parts.partition,
        cast(null as date) as since,
        cast(null as date) as until
    from {{ catalog }}.main.area_parts as area_parts
),

merged as (
    select
        area_successions.to_area_id as whole_id,
        area_successions.from_area_id as part_id,
        'before the merger' as partition,
        cast(null as date) as since,
        cast(null as date) as until
    from {{ catalog }}.main.area_successions as area_successions
    where
        area_successions.share = 1
        and area_successions.from_area_id <> area_successions.to_area_id
)

select * from placed
union all
select * from otherwise
union all
select * from merged
