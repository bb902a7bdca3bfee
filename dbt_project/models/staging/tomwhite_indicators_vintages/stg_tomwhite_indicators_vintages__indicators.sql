-- What an indicator counts differs by nation and changed without notice, so nation and indicator
-- together make the series. UK deaths agree with GOV.UK's file of 14 April 2020 on 35 of 36 days.

with source as (
    select * from {{ source('tomwhite_indicators_vintages', 'indicators') }}
),

named as (
    select
        source.*,
        area_names.area_id
    from source
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'tomwhite_indicators_vintages'
            and source.country = area_names.published_name
),

renamed as (
    select
        'tomwhite_indicators_vintages' as source_id,
        lower(replace(country, ' ', '_')) || '_'
        || case indicator
            when 'ConfirmedCases' then 'confirmed_cases'
            else lower(indicator)
        end as series_id,
        area_id as area_code,
        country as area_name,
        'all' as stratum_id,
        reported_on as event_date,
        cast(total as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from named
)

select * from renamed
