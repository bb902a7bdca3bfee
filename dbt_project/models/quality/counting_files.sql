{{ config(materialized='view') }}
-- From when each file counts: from its publication, unless a breaker held it; then from the moment at
-- which people let it go, and until then not at all.

with counting as (
    select
        files.source_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        case
            when holds.file_sha256 is null then files.published_at
            else holds.let_go_at
        end as counts_from
    from {{ ref('landed_files') }} as files
    left join {{ ref('holds') }} as holds
        on files.source_id = holds.source_id and files.file_sha256 = holds.file_sha256
)

select * from counting
