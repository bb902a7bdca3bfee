-- Running totals for England, one series a publisher and definition.
--
-- GOV.UK's counts are dated one day early in every one of these workbooks. Up to
-- week 30 footnote 5 says so ("deaths reported on the 6 March were used for 5th March"). Moved by a
-- day they equal what was taken down on the day: weeks 13 and 16, still deaths in hospital, on all 23
-- and 44 days that can be compared, weeks 18 to 30, deaths in all settings, on all 58 to 142.
-- Week 35 dropped the footnote, split the column by definition, and is dated as before: its daily
-- counts equal those of 1 August on 112 of 148 days when moved (the rest were restated) and on 1 of
-- 149 when not, and its weekly lows stand on Saturday and Sunday instead of Sunday and Monday.
-- So the rule is a row of the seed date_shifts, not the footnote; a test holds the two together.
-- GOV.UK's columns by day of death in that sheet are a day early as well: moved, those within 28 days
-- equal PHE's own page of 20 September on 138 of 175 days, and on 9 of 174 when not.
-- NHS England's column by day of death carries the day itself: weeks 13, 20 and 30 equal its own
-- files of those days.

with named as (
    select
        *,
        case
            when heading like 'Daily death counts%GOV.UK' then 'govuk_daily_death_counts'
            when heading like '%notification with no%' then 'govuk_no_limit_by_notification_date'
            when heading like '%notification within 60%' then 'govuk_60d_by_notification_date'
            when heading like '%notification within 28%' then 'govuk_28d_by_notification_date'
            when heading like 'Deaths by date of death with no%' then 'govuk_no_limit_by_death_date'
            when heading like 'Deaths by date of death within 60%' then 'govuk_60d_by_death_date'
            when heading like 'Deaths by date of death within 28%' then 'govuk_28d_by_death_date'
            when heading like 'NHS England by date of death%' then 'nhs_england_by_death_date'
            when heading like 'ONS%of registration%' then 'covid_by_registration_date_cumulative'
            when heading like 'ONS%actual date of death%' then 'covid_by_death_date_cumulative'
        end as series_id
    from {{ source('ons_weekly_deaths', 'england_comparisons') }}
),

renamed as (
    select
        'ons_weekly_deaths' as source_id,
        named.series_id,
        'E92000001' as area_code,
        'England' as area_name,
        'all' as stratum_id,
        {{ days_after('named.date', 'coalesce(date_shifts.days, 0)') }} as event_date,
        cast(named.cumulative_deaths as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        named.cut_off_date,
        {{ provenance() }}
    from named
    left join {{ ref('date_shifts') }} as date_shifts
        on
            date_shifts.source_id = 'ons_weekly_deaths'
            and named.series_id = date_shifts.series_id
            and named._published_at >= coalesce(date_shifts.published_from, date '1900-01-01')
            and named._published_at < coalesce(date_shifts.published_until, date '9999-01-01')
)

select * from renamed
