-- When nobody waited for a file any more: something newer and good had come of whatever it speaks of,
-- and nothing that it says is lost without it.

with replaced as (
    select
        newer.source_id,
        newer.file_sha256,
        greatest(newer.newer_at, coalesce(elsewhere.said_at, newer.newer_at)) as replaced_at
    from {{ ref('newer_files') }} as newer
    left join {{ ref('said_elsewhere') }} as elsewhere
        on
            newer.source_id = elsewhere.source_id
            and newer.file_sha256 = elsewhere.file_sha256
    where
        newer.newer_at is not null
        and (elsewhere.file_sha256 is null or elsewhere.said_at is not null)
)

select * from replaced
