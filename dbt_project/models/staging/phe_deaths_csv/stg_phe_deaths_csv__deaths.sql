-- Each published row states two things about a day of announcement: its own deaths and the total.

with source as (
    select * from {{ source('phe_deaths_csv', 'deaths') }}
),

stated as (
    select
        *,
        'daily_deaths' as series_id,
        daily_deaths as value
    from source
    union all
    select
        *,
        'cumulative_deaths' as series_id,
        cumulative_deaths as value
    from source
),

renamed as (
    select
        'phe_deaths_csv' as source_id,
        series_id,
        {{ published_code('area_code') }} as area_code,
        area_name,
        'all' as stratum_id,
        reporting_date as event_date,
        cast(value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        case when value is null then 'not_reported' end as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from stated
)

select * from renamed
