{{ config(severity='warn') }}
-- A trust that its newest register lists as open is an area; a new one means that the seed is out
-- of date.

with newest as (
    select *
    from {{ ref('stg_ods_reference__trusts') }}
    qualify row_number() over (partition by area_id order by published_at desc, landed_at desc) = 1
)

select newest.area_id, newest.trust_name, newest.published_at
from newest
left join {{ ref('areas') }} as areas on newest.area_id = areas.area_id
where newest.close_date is null and areas.area_id is null
