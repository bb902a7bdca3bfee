-- Each published row states two things about a specimen date: its own count and the running total.

with source as (
    select * from {{ source('phe_cases_vintages', 'cases') }}
),

stated as (
    select *, 'daily_cases' as series_id, daily_cases as value from source
    union all
    select *, 'cumulative_cases' as series_id, cumulative_cases as value from source
),

renamed as (
    select
        'phe_cases_vintages' as source_id,
        series_id,
        {{ published_code('area_code') }} as area_code,
        area_name,
        'all' as stratum_id,
        specimen_date as event_date,
        cast(value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        case when value is null then 'not_reported' end as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from stated
)

select * from renamed
