{{ config(severity='warn') }}
-- Every authority of a lookup is an area, in the region and under the county that the lookup names.

with looked_up as (
    select distinct area_id, parent_kind, parent_area_id
    from {{ ref('stg_ons_lookups__memberships') }}
    where
        (area_kind like 'LAD%' or area_kind like 'LTLA%')
        and (parent_kind like 'RGN%' or parent_kind like 'UTLA%')
),

compared as (
    select
        looked_up.area_id,
        looked_up.parent_kind,
        looked_up.parent_area_id,
        areas.region_id,
        case when areas.is_upper_tier then areas.area_id else areas.parent_area_id end
            as upper_tier_id
    from looked_up
    left join {{ ref('areas') }} as areas on looked_up.area_id = areas.area_id
)

select * from compared
where
    (parent_kind like 'RGN%' and region_id is distinct from parent_area_id)
    or (parent_kind like 'UTLA%' and upper_tier_id is distinct from parent_area_id)
