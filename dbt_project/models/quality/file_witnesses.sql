-- For each file the newest file of every other source of its metric, as it was at that moment, and
-- how many more changes of the series and how many more days the one has seen than the other.

with witnesses as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        others.source_id as witness,
        others.file_sha256 as witness_sha256,
        files.epoch - others.epoch as epochs_apart,
        {{ days_between('others.published_at', 'files.published_at') }} as days_apart
    from {{ ref('file_order') }} as files
    inner join {{ ref('file_order') }} as others
        on
            files.metric_id = others.metric_id
            and files.source_id <> others.source_id
            and files.published_at >= others.published_at
            and files.published_at < coalesce(others.next_published_at, timestamp '9999-12-31')
)

select * from witnesses
