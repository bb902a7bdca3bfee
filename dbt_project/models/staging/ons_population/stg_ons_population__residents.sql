-- The sheet of both sexes, all ages: one estimate an area, for the last day of June of its year.

with source as (
    select * from {{ source('ons_population', 'residents') }}
    where sex = 'Persons' and age = 'All ages'
),

renamed as (
    select
        'ons_population' as source_id,
        'all_ages' as series_id,
        area_code,
        area_name,
        'all' as stratum_id,
        cast(substr(period, 5, 4) || '-06-30' as date) as event_date,
        cast(people as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
)

select * from renamed
