-- Columns without a date of death (awaiting verification, up to 1 March, total) stay raw.

with source as (
    select * from {{ source('nhse_announced_deaths', 'deaths_by_trust') }}
    where try_cast(heading as date) is not null
),

organisations as (
    select
        'nhse_announced_deaths' as source_id,
        'deaths_by_death_date' as series_id,
        case when trust_code = '-' then 'E92000001' else {{ published_code('trust_code') }} end
            as area_code,
        min(trust_name) as area_name,
        'all' as stratum_id,
        cast(heading as date) as event_date,
        cast(sum(deaths) as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        cast(_published_at as timestamp) as published_at,
        cast(_landed_at as timestamp) as landed_at,
        _file_sha256 as file_sha256,
        min(_row) as file_row,
        min(_sheet) as sheet_name
    from source
    group by all
)

select * from organisations
