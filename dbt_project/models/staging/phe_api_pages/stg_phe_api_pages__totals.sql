-- Numbers without a date are those of the day on which the page was published.

with source as (
    select * from {{ source('phe_api_pages', 'totals') }}
),

renamed as (
    select
        'phe_api_pages' as source_id,
        metric as series_id,
        {{ published_code('area_code') }} as area_code,
        area_name,
        'all' as stratum_id,
        cast(_published_at as date) as event_date,
        value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
)

select * from renamed
