-- Deaths in a day with COVID-19 on the certificate, by day of registration and by day of death. The
-- sheets name areas and give no codes. Those of Scotland and Northern Ireland, and so the United
-- Kingdom, are relayed. England and Wales together exceed both: they count non-residents too.

with published as (
    select *, 'covid_by_registration_date' as series_id
    from {{ source('ons_weekly_deaths', 'daily_registrations') }}
    union all
    select *, 'covid_by_death_date' as series_id
    from {{ source('ons_weekly_deaths', 'daily_occurrences') }}
),

renamed as (
    select
        'ons_weekly_deaths' as source_id,
        published.series_id,
        area_names.area_id as area_code,
        published.area_name,
        'all' as stratum_id,
        published.date as event_date,
        cast(published.deaths as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from published
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'ons_weekly_deaths'
            and published.area_name = area_names.published_name
)

select * from renamed
