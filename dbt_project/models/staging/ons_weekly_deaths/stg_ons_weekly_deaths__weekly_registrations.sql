-- Deaths by week of registration and area of usual residence: from all causes, and with COVID-19 on
-- the certificate. The row of the total carries neither code nor name: the sheet's title says that it
-- is England and Wales. England, in the sheet of the United Kingdom, has a name and no code.

with published as (
    select *, 'all_causes_by_week' as series_id
    from {{ source('ons_weekly_deaths', 'weekly_figures') }}
    union all
    select *, 'covid_by_week' as series_id
    from {{ source('ons_weekly_deaths', 'covid_weekly_registrations') }}
),

named as (
    select
        *,
        case when label like '%all ages%' then 'England and Wales' else label end as area_name
    from published
),

renamed as (
    select
        'ons_weekly_deaths' as source_id,
        named.series_id,
        coalesce({{ published_code('named.area_code') }}, area_names.area_id) as area_code,
        named.area_name,
        'all' as stratum_id,
        named.week_ended as event_date,
        {{ published_number('named.deaths') }} as value,
        missing_marks.lower,
        missing_marks.upper,
        missing_marks.missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from named
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'ons_weekly_deaths'
            and named.area_name = area_names.published_name
    left join {{ ref('missing_marks') }} as missing_marks
        on lower(trim(named.deaths)) = missing_marks.mark
)

select * from renamed
