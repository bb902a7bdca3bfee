-- A published total of a trust is its deaths by date plus those that carry no date yet.
with rows_of_sheet as (
    select
        _file_sha256 as file_sha256,
        _row as file_row,
        sum(case when heading = 'Total' then deaths else 0 end) as total,
        sum(case when heading = 'Total' then 0 else deaths end) as parts
    from {{ source('nhse_announced_deaths', 'deaths_by_trust') }}
    group by _file_sha256, _row
)

select * from rows_of_sheet
where total <> parts
