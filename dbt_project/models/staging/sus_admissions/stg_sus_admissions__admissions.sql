-- Each row of an extract states one count; an authority of both tiers stands in it once.

with source as (
    select * from {{ source('sus_admissions', 'admissions') }}
),

renamed as (
    select
        'sus_admissions' as source_id,
        'admissions' as series_id,
        {{ published_code('source.area_code') }} as area_code,
        source.area_name,
        'all' as stratum_id,
        source.admission_date as event_date,
        cast(source.admissions as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
)

select * from renamed
