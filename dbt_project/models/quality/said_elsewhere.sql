-- When everything that a held file says of single days had been said in good files of its source. A
-- publisher of full histories says it in the next; of any other, what no good file says would be lost.

with waiting as (
    select
        said.source_id,
        said.file_sha256,
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('holds') }} as holds
        on said.source_id = holds.source_id and said.file_sha256 = holds.file_sha256
    inner join {{ ref('sources') }} as sources on said.source_id = sources.source_id
    -- Unequal rows are nobody's statement, so nothing is lost with them.
    where sources.absence <> 'withdrawn' and not said.is_conflicting
),

good as (
    select
        said.source_id,
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        min(counting.counts_from) as said_at
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('counting_files') }} as counting
        on said.source_id = counting.source_id and said.file_sha256 = counting.file_sha256
    where not said.is_conflicting and said.source_id in (select source_id from waiting)
    group by
        said.source_id, said.metric_id, said.area_id, said.stratum_id, said.event_date
),

said_elsewhere as (
    select
        waiting.source_id,
        waiting.file_sha256,
        case when count(good.said_at) = count(*) then max(good.said_at) end as said_at
    from waiting
    left join good
        on
            waiting.source_id = good.source_id
            and waiting.metric_id = good.metric_id
            and waiting.area_id = good.area_id
            and waiting.stratum_id = good.stratum_id
            and waiting.event_date = good.event_date
    group by waiting.source_id, waiting.file_sha256
)

select * from said_elsewhere
