-- A heading such as TotalUKCases or NICases names the place and the count; it is the series. Only the
-- UK has new cases published beside its total.

with source as (
    select
        *,
        replace(replace(heading, 'Total', ''), 'New', '') as place_and_count,
        case
            when heading like 'Total%' then 'total_'
            when heading like 'New%' then 'new_'
            else ''
        end as kind,
        case when heading like '%Cases' then 'cases' else 'deaths' end as counted
    from {{ source('phe_utla_daily_csv', 'indicators') }}
),

placed as (
    select
        *,
        replace(replace(place_and_count, 'Cases', ''), 'Deaths', '') as place
    from source
),

named as (
    select
        placed.*,
        area_names.area_id
    from placed
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'phe_utla_daily_csv'
            and placed.place = area_names.published_name
),

renamed as (
    select
        'phe_utla_daily_csv' as source_id,
        kind || lower(place) || '_' || counted as series_id,
        area_id as area_code,
        place as area_name,
        'all' as stratum_id,
        reported_on as event_date,
        cast(published_count as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from named
)

select * from renamed
