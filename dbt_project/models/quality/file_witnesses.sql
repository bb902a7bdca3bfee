-- For each file the newest file of every other source of its metric, as it was at that moment, and
-- how many more changes of the series and how many more days the one has seen than the other. Who says
-- ten times as many as before is no witness: it would only contradict whoever else is asked.

with sound as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.epoch,
        files.published_at,
        lead(files.published_at) over (
            partition by files.source_id, files.metric_id order by files.place
        ) as next_published_at
    from {{ ref('file_order') }} as files
    left join {{ ref('apart_files') }} as apart
        on
            files.source_id = apart.source_id
            and files.metric_id = apart.metric_id
            and files.file_sha256 = apart.file_sha256
    where apart.file_sha256 is null
),

witnesses as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        others.source_id as witness,
        others.file_sha256 as witness_sha256,
        files.epoch - others.epoch as epochs_apart,
        {{ days_between('others.published_at', 'files.published_at') }} as days_apart
    from {{ ref('file_order') }} as files
    inner join sound as others
        on
            files.metric_id = others.metric_id
            and files.source_id <> others.source_id
            and files.published_at >= others.published_at
            and files.published_at < coalesce(others.next_published_at, timestamp '9999-12-31')
)

select * from witnesses
