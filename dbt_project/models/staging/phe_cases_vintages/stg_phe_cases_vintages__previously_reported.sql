-- What the publisher itself says that it had reported the day before, under the coverage of today.

with source as (
    select * from {{ source('phe_cases_vintages', 'cases') }}
),

stated as (
    select *, 'daily_cases' as series_id, previous_daily_cases as value from source
    union all
    select *, 'cumulative_cases' as series_id, previous_cumulative_cases as value from source
),

renamed as (
    select
        'phe_cases_vintages' as source_id,
        series_id,
        {{ published_code('area_code') }} as area_id,
        specimen_date as event_date,
        cast(value as double) as value,
        cast(_published_at as timestamp) as published_at,
        _file_sha256 as file_sha256
    from stated
    where value is not null
)

select * from renamed
