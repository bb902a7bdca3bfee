-- One row a published number of a day; its published name is the series. The first pages name places
-- and give no code, and NHS regions are E40 codes, never the E12 regions of the same name.

with source as (
    select
        *,
        case metric
            when 'maleCases' then '_male'
            when 'femaleCases' then '_female'
            else ''
        end as sex
    from {{ source('phe_api_pages', 'counts') }}
),

placed as (
    select
        source.*,
        case when source.area_code = '' then area_names.area_id else source.area_code end as place
    from source
    left join {{ ref('area_names') }} as area_names
        on
            area_names.source_id = 'phe_api_pages'
            and source.area_name = area_names.published_name
),

renamed as (
    select
        'phe_api_pages' as source_id,
        metric as series_id,
        {{ published_code('place') }} as area_code,
        area_name,
        case
            when age = '' then 'all'
            else 'age_' || replace(replace(age, '_to_', '_'), '+', '_plus') || sex
        end as stratum_id,
        placed.date as event_date,
        value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from placed
)

select * from renamed
