-- One row for every file that ever arrived, whatever became of it.

with receipts as (
    select * from {{ source('intake', 'receipts') }}
)

select * from receipts
order by landed_at, receipt_id
