-- One count of beds for each trust, and England, and day; a published heading becomes a series.

with source as (
    select * from {{ source('nhse_winter_sitrep', 'beds') }}
),

renamed as (
    select
        'nhse_winter_sitrep' as source_id,
        case measure
            when 'Total Beds Open' then 'general_acute_open'
            when 'Total beds occ''d' then 'general_acute_occupied'
            when 'CC Adult Open' then 'critical_care_adult_open'
            when 'CC Adult Occ' then 'critical_care_adult_occupied'
            else measure
        end as series_id,
        case when trust_code = '-' then 'E92000001' else {{ published_code('trust_code') }} end
            as area_code,
        trust_name as area_name,
        'all' as stratum_id,
        day as event_date,
        cast(beds as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
)

select * from renamed
