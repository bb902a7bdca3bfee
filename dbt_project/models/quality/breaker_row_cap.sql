-- Files that end at a row count at which programs cut files off.

with tripped as (
    select source_id, file_sha256, landed_at, row_cap, 'row_cap' as breaker_id
    from {{ ref('landed_files') }}
    where row_cap > 0
)

select * from tripped
