-- What a file that a person let go has to say no more: of a cell its source had said something newer
-- in a good file by then, or, where it publishes full histories, of the area.

with waiting as (
    select
        said.source_id,
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        said.file_sha256,
        said.published_at,
        said.landed_at,
        holds.let_go_at,
        sources.absence
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('holds') }} as holds
        on said.source_id = holds.source_id and said.file_sha256 = holds.file_sha256
    inner join {{ ref('sources') }} as sources on said.source_id = sources.source_id
    where holds.let_go_at is not null
),

good as (
    select
        said.source_id,
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        counting.published_at,
        counting.landed_at,
        counting.counts_from
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('counting_files') }} as counting
        on said.source_id = counting.source_id and said.file_sha256 = counting.file_sha256
    where
        counting.counts_from is not null
        and said.source_id in (select source_id from waiting)
),

good_areas as (
    select distinct
        source_id, metric_id, area_id, stratum_id, published_at, landed_at, counts_from
    from good
),

overtaken as (
    select
        waiting.source_id,
        waiting.metric_id,
        waiting.area_id,
        waiting.stratum_id,
        waiting.event_date,
        waiting.file_sha256
    from waiting
    inner join good
        on
            waiting.source_id = good.source_id
            and waiting.metric_id = good.metric_id
            and waiting.area_id = good.area_id
            and waiting.stratum_id = good.stratum_id
            and waiting.event_date = good.event_date
            and {{ is_overtaken('waiting', 'good') }}
    union
    select
        waiting.source_id,
        waiting.metric_id,
        waiting.area_id,
        waiting.stratum_id,
        waiting.event_date,
        waiting.file_sha256
    from waiting
    inner join good_areas
        on
            waiting.source_id = good_areas.source_id
            and waiting.metric_id = good_areas.metric_id
            and waiting.area_id = good_areas.area_id
            and waiting.stratum_id = good_areas.stratum_id
            and {{ is_overtaken('waiting', 'good_areas') }}
    where waiting.absence = 'withdrawn'
)

select * from overtaken
