-- A heading such as TotalUKCases or NICases names the place and the count; it is the series.

with source as (
    select
        *,
        replace(replace(replace(replace(heading, 'Total', ''), 'New', ''), 'Cases', ''), 'Deaths', '')
            as place
    from {{ source('phe_utla_daily_csv', 'indicators') }}
),

named as (
    select source.*, area_names.area_id
    from source
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'phe_utla_daily_csv'
            and area_names.published_name = source.place
),

renamed as (
    select
        'phe_utla_daily_csv' as source_id,
        lower(replace(replace(replace(replace(
            heading, 'Total', 'total_'), 'New', 'new_'), 'Cases', '_cases'), 'Deaths', '_deaths'
        )) as series_id,
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
