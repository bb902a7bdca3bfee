-- What one file says of one cell. Equal rows are one statement; unequal rows of one area are nobody's
-- statement and are shown in quarantine with both; among columns with a cut-off the newest counts.

with united as (
    select {{ stated_columns() }} from {{ ref('statements') }}
    union all
    select {{ stated_columns() }} from {{ ref('daily_from_cumulative') }}
),

counting as (
    select united.*
    from united
    inner join {{ ref('landed_files') }} using (source_id, file_sha256)
    inner join {{ ref('areas') }} using (area_id)
),

newest_cut_off as (
    select * from counting where cut_off_date is null
    union all
    select * from counting where cut_off_date is not null
    qualify
        rank() over (
            partition by metric_id, area_id, stratum_id, event_date, source_id, file_sha256
            order by cut_off_date desc
        ) = 1
),

said as (
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        file_sha256,
        published_at,
        landed_at,
        min(series_id) as series_id,
        min(value) as value,
        min(lower) as lower,
        min(upper) as upper,
        min(missing_reason) as missing_reason,
        min(file_row) as file_row,
        min(sheet_name) as sheet_name,
        case
            when count(value) = 0 then false
            when count(value) < count(*) then true
            else min(value) <> max(value)
        end as is_conflicting
    from newest_cut_off
    group by
        metric_id, area_id, stratum_id, event_date, source_id, file_sha256, published_at, landed_at
)

select * from said
