-- When something newer and good had come of every metric that a file speaks of; of a file that speaks
-- of none, when anything newer and good of its source had.

with of_source as (
    select
        source_id,
        file_sha256,
        min(counts_from) over (
            partition by source_id order by published_at, landed_at, file_sha256
            rows between 1 following and unbounded following
        ) as newer_at
    from {{ ref('counting_files') }}
),

of_metrics as (
    select
        files.source_id,
        files.file_sha256,
        min(counting.counts_from) over (
            partition by files.source_id, files.metric_id order by files.place
            rows between 1 following and unbounded following
        ) as newer_at
    from {{ ref('file_order') }} as files
    inner join {{ ref('counting_files') }} as counting
        on files.source_id = counting.source_id and files.file_sha256 = counting.file_sha256
),

of_all_metrics as (
    select
        source_id,
        file_sha256,
        case when count(newer_at) = count(*) then max(newer_at) end as newer_at
    from of_metrics
    group by source_id, file_sha256
),

newer as (
    select
        of_source.source_id,
        of_source.file_sha256,
        case
            when of_all_metrics.file_sha256 is null then of_source.newer_at
            else of_all_metrics.newer_at
        end as newer_at
    from of_source
    left join of_all_metrics
        on
            of_source.source_id = of_all_metrics.source_id
            and of_source.file_sha256 = of_all_metrics.file_sha256
)

select * from newer
