{{ config(materialized='view') }}
-- What counts: everything that was said in files but for those that a breaker holds.

with held as (
    select distinct source_id, file_sha256 from {{ ref('held_files') }}
),

stated as (
    select said.*
    from {{ ref('said_in_files') }} as said
    left join held on said.source_id = held.source_id and said.file_sha256 = held.file_sha256
    where held.file_sha256 is null
)

select * from stated
