-- NA is how a lookup of the United Kingdom writes that an area lies in no region of England.

with source as (
    select * from {{ source('ons_lookups', 'memberships') }}
),

renamed as (
    select
        area_kind,
        area_code as area_id,
        area_name,
        parent_kind,
        nullif(parent_code, 'NA') as parent_area_id,
        nullif(parent_name, 'NA') as parent_name,
        {{ provenance() }}
    from source
)

select * from renamed
