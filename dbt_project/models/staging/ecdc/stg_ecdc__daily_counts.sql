-- ECDC dates a row by its own publication, the morning after the government's announcement, so the
-- seed date_shifts moves it back by a day. Then 19 of 23 daily UK deaths in March and April 2020
-- equal GOV.UK's (none unmoved), and the file of 19 August 2020 equals Johns Hopkins' on all of 210.

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
        stated.series_id,
        'K02000001' as area_code,
        stated.country as area_name,
        'all' as stratum_id,
        {{ days_after('stated.reported_on', 'coalesce(date_shifts.days, 0)') }} as event_date,
        cast(stated.value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from stated
    left join {{ ref('date_shifts') }} as date_shifts
        on
            date_shifts.source_id = 'ecdc'
            and stated.series_id = date_shifts.series_id
            and stated._published_at >= coalesce(date_shifts.published_from, date '1900-01-01')
            and stated._published_at < coalesce(date_shifts.published_until, date '9999-01-01')
)

select * from renamed
