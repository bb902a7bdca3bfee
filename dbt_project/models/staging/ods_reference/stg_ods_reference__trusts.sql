-- Every register that arrived, one row a trust; names and regions differ between registers.

with source as (
    select * from {{ source('ods_reference', 'trusts') }}
),

renamed as (
    select
        trust_code as area_id,
        trust_name,
        national_grouping,
        open_date,
        close_date,
        {{ provenance() }}
    from source
)

select * from renamed
