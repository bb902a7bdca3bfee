-- Where a workbook says that a column's counts are taken the next day, a rule moves them by a day.
with noted as (
    select heading, date, _file_sha256 as file_sha256, _row as file_row
    from {{ source('ons_weekly_deaths', 'england_comparisons') }}
    where dating_note is not null
),

not_moved as (
    select noted.*
    from noted
    inner join {{ ref('stg_ons_weekly_deaths__england_comparisons') }} as staged
        using (file_sha256, file_row)
    where
        staged.series_id like 'govuk%'
        and staged.event_date <> {{ days_after('noted.date', 1) }}
)

select * from not_moved
