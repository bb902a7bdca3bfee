-- A raw file without a receipt is half a load, and a held file waits for a person: neither counts.

with receipts as (
    select distinct source_id, file_sha256, rows_quarantined
    from {{ ref('arrivals') }}
    where verdict = 'landed'
),

held as (
    select distinct source_id, file_sha256 from {{ ref('held_files') }}
),

counting as (
    select receipts.source_id, receipts.file_sha256, receipts.rows_quarantined
    from receipts
    left join held using (source_id, file_sha256)
    where held.file_sha256 is null
)

select * from counting
