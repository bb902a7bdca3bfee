-- Until 29 November 2020 Our World in Data took over ECDC's rows with ECDC's day, one after the
-- announcement: moved back by one, 57 of 57 daily UK deaths equal those collated on 3 May 2020 (one
-- does unmoved). From 30 November it takes over Johns Hopkins' rows, which need no shift.

with source as (
    select
        *,
        case
            when _published_at < timestamp '2020-11-30 00:00:00'
                then {{ days_after('reported_on', -1) }}
            else reported_on
        end as announced_on
    from {{ source('owid', 'countries') }}
),

stated as (
    {% for series in [
        'total_cases', 'new_cases', 'total_deaths', 'new_deaths', 'total_tests', 'new_tests'
    ] %}
        select
            *,
            '{{ series }}' as series_id,
            {{ series }} as value
        from source
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

renamed as (
    select
        'owid' as source_id,
        series_id,
        'K02000001' as area_code,
        location as area_name,
        'all' as stratum_id,
        announced_on as event_date,
        cast(value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        case when value is null then 'not_reported' end as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from stated
)

select * from renamed
