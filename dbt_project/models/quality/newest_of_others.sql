-- The newest file of each other source that speaks of the same metric, if it is not older than a
-- week, when a file is published.

with others as (
    select
        newer.source_id,
        newer.metric_id,
        newer.file_sha256,
        older.source_id as reference_source_id,
        older.file_sha256 as reference_sha256
    from {{ ref('file_epochs') }} as newer
    inner join {{ ref('file_epochs') }} as older
        on
            newer.metric_id = older.metric_id
            and newer.source_id <> older.source_id
            and older.published_at <= newer.published_at
            and older.published_at > {{ days_after('newer.published_at', -7) }}
    qualify
        row_number() over (
            partition by newer.source_id, newer.metric_id, newer.file_sha256, older.source_id
            order by older.published_at desc, older.landed_at desc
        ) = 1
)

select * from others
