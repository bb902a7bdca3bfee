{{ config(materialized='incremental', incremental_strategy='append') }}
-- What one file says of one cell. Equal rows are one statement; unequal rows of one area are nobody's
-- statement and are shown in quarantine with both; among columns with a cut-off the newest counts.
-- What a file said stays said, so a file that was heard before is not heard again.

with files as (
    select landed.source_id, landed.file_sha256, landed.file_number
    from {{ ref('landed_files') }} as landed
    {% if is_incremental() %}
        left join (select distinct source_id, file_sha256 from {{ this }}) as heard
            on landed.source_id = heard.source_id and landed.file_sha256 = heard.file_sha256
        where heard.file_sha256 is null
    {% endif %}
),

united as (
    select {{ stated_columns() }} from {{ ref('statements') }}
    union all
    select {{ stated_columns() }} from {{ ref('daily_from_cumulative') }}
),

counting as (
    select united.*, files.file_number
    from united
    inner join files
        on united.source_id = files.source_id and united.file_sha256 = files.file_sha256
    inner join {{ ref('areas') }} as areas on united.area_id = areas.area_id
),

newest_cut_off as (
    select * from counting where cut_off_date is null
    union all
    select * from counting where cut_off_date is not null
    qualify
        rank() over (
            partition by metric_id, area_id, stratum_id, event_date, file_number
            order by cut_off_date desc
        ) = 1
),

said as (
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        file_number,
        min(published_at) as published_at,
        min(landed_at) as landed_at,
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
    group by metric_id, area_id, stratum_id, event_date, file_number
),

named as (
    select
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        files.source_id,
        files.file_sha256,
        said.published_at,
        said.landed_at,
        said.series_id,
        said.value,
        said.lower,
        said.upper,
        said.missing_reason,
        said.file_row,
        said.sheet_name,
        said.is_conflicting
    from said
    inner join files on said.file_number = files.file_number
)

select * from named
