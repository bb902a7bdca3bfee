-- Until 29 November 2020 Our World in Data took over ECDC's cases and deaths with ECDC's day, one
-- after the announcement; the seed date_shifts moves them back. Then 57 of 57 daily UK deaths equal
-- those collated on 3 May 2020 (one does unmoved). From 30 November they are Johns Hopkins', which
-- need no shift. Tests were always its own.

with source as (
    select * from {{ source('owid', 'countries') }}
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
        stated.series_id,
        'K02000001' as area_code,
        stated.location as area_name,
        'all' as stratum_id,
        {{ days_after('stated.reported_on', 'coalesce(date_shifts.days, 0)') }} as event_date,
        cast(stated.value as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        case when stated.value is null then 'not_reported' end as missing_reason,
        cast(null as date) as cut_off_date,
        {{ provenance() }}
    from stated
    left join {{ ref('date_shifts') }} as date_shifts
        on
            date_shifts.source_id = 'owid'
            and stated.series_id = date_shifts.series_id
            and stated._published_at >= coalesce(date_shifts.published_from, date '1900-01-01')
            and stated._published_at < coalesce(date_shifts.published_until, date '9999-01-01')
)

select * from renamed
