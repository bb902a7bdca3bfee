-- What was said of corrections, in files that count: that one holds, has expired or was taken back.

with landed as (
    select corrections.*
    from {{ ref('stg_ground_reports__corrections') }} as corrections
    inner join {{ ref('landed_files') }} as landed_files
        on
            corrections.source_id = landed_files.source_id
            and corrections.file_sha256 = landed_files.file_sha256
)

select * from landed
