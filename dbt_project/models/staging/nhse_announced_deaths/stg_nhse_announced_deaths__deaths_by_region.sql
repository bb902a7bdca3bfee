-- NHS regions are published by name only; they are E40 codes, never the E12 regions of that name.

with source as (
    select * from {{ source('nhse_announced_deaths', 'deaths_by_region') }}
    where try_cast(heading as date) is not null
),

named as (
    select source.*, area_names.area_id
    from source
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'nhse_announced_deaths'
            and lower(area_names.published_name) = lower(source.region_name)
),

renamed as (
    select
        'nhse_announced_deaths' as source_id,
        'deaths_by_death_date' as series_id,
        area_id as area_code,
        region_name as area_name,
        'all' as stratum_id,
        cast(heading as date) as event_date,
        cast(deaths as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from named
)

select * from renamed
