-- The tables have no date: they hold the totals of the day on which they were published. A name
-- such as "Hackney and City of London" stands under one code, that of the larger authority.

with source as (
    select * from {{ source('phe_utla_daily_csv', 'cases_by_area') }}
),

renamed as (
    select
        'phe_utla_daily_csv' as source_id,
        'total_cases' as series_id,
        {{ published_code('area_code') }} as area_code,
        area_name,
        'all' as stratum_id,
        cast(_published_at as date) as event_date,
        cast(total_cases as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
)

select * from renamed
