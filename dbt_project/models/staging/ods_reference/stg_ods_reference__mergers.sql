with source as (
    select * from {{ source('ods_reference', 'mergers') }}
),

renamed as (
    select
        trust_code_old as from_area_id,
        trust_code_new as to_area_id,
        from_date as happened_on,
        {{ provenance() }}
    from source
)

select * from renamed
