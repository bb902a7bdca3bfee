with source as (
    select * from {{ source('ons_lookups', 'group_populations') }}
),

renamed as (
    select
        group_code as area_id,
        group_name as area_name,
        nhs_region_code as region_id,
        cast(all_ages as double) as population,
        {{ provenance() }}
    from source
)

select * from renamed
