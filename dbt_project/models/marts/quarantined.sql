-- Rows that no claim was made of, with every reason: refused by a loader, contradicted within one
-- file, or about a place that the store does not know.

with taken_back as (
    -- What was loaded under a wrong date, and under the right one since, was set aside once.
    select distinct arrivals.source_id, arrivals.file_sha256
    from {{ ref('arrivals') }} as arrivals
    left join {{ ref('landed_files') }} as landed
        on arrivals.source_id = landed.source_id and arrivals.file_sha256 = landed.file_sha256
    where arrivals.verdict = 'taken_back' and landed.file_number is null
),

agreed as (
    select source_id from {{ ref('sources') }} where is_agreed
),

refused as (
    select
        source_id,
        table_name,
        file_sha256,
        file_row,
        sheet_name,
        row_text,
        {{ joined_text('reasons') }} as reasons,
        cast(published_at as timestamp) as published_at,
        landed_at
    from {{ source('intake', 'quarantine') }}
    inner join agreed using (source_id)
    left join taken_back using (source_id, file_sha256)
    where taken_back.file_sha256 is null
),

contradicted as (
    select
        rows_of_cell.source_id,
        rows_of_cell.series_id as table_name,
        rows_of_cell.file_sha256,
        rows_of_cell.file_row,
        rows_of_cell.sheet_name,
        rows_of_cell.area_name
        || ' (' || rows_of_cell.area_id || '), ' || cast(rows_of_cell.event_date as string) || ': '
        || coalesce(cast(rows_of_cell.value as string), rows_of_cell.missing_reason) as row_text,
        'the same file says something else about the same area and day' as reasons,
        rows_of_cell.published_at,
        rows_of_cell.landed_at
    from {{ ref('statements') }} as rows_of_cell
    inner join {{ ref('stated') }} as stated
        using (metric_id, area_id, stratum_id, event_date, source_id, file_sha256)
    where stated.is_conflicting
),

unplaced as (
    select
        statements.source_id,
        statements.series_id as table_name,
        statements.file_sha256,
        statements.file_row,
        statements.sheet_name,
        coalesce(statements.area_name, 'no name')
        || ' (' || coalesce(statements.area_id, 'no code') || '), '
        || cast(statements.event_date as string) as row_text,
        'this area is not in the register of areas' as reasons,
        statements.published_at,
        statements.landed_at
    from {{ ref('statements') }} as statements
    left join {{ ref('areas') }} as areas using (area_id)
    where areas.area_id is null
),

united as (
    select * from refused
    union all
    select * from contradicted
    union all
    select * from unplaced
)

select * from united
order by source_id, landed_at, file_row
