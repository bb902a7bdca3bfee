-- ECDC dates a row by its own publication, the morning after the government's announcement, so a day
-- is moved back by one. Then 19 of 23 daily UK deaths in March and April 2020 equal GOV.UK's (none
-- unmoved), and the file of 19 August 2020 equals Johns Hopkins' on all of 210 days.

with source as (
    select * from {{ source('ecdc', 'daily_counts') }}
),

stated as (
    select
        *,
        'cases' as series_id,
        cases as value
    from source
    union all
    select
        *,
        'deaths' as series_id,
        deaths as value
    from source
),

renamed as (
    select
        'ecdc' as source_id,
        series_id,
        'K02000001' as area_code,
        country as area_name,
        'all' as stratum_id,
        {{ days_after('reported_on', -1) }} as event_date,
        cast(value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from stated
)

select * from renamed
