-- One number for a period, dated by the period's last day.

with source as (
    select * from {{ source('ukhsa_dashboard_json', 'headlines') }}
),

renamed as (
    select
        'ukhsa_dashboard_json' as source_id,
        metric as series_id,
        {{ published_code('geography_code') }} as area_code,
        geography as area_name,
        {{ ukhsa_stratum('age', 'sex', 'stratum') }} as stratum_id,
        period_end as event_date,
        cast(metric_value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        case when metric_value is null then 'not_reported' end as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from source
)

select * from renamed
