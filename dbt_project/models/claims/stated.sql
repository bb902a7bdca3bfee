{{ config(materialized='view') }}
-- What counts: everything that was said in files but for those that a breaker holds. What a person let
-- go counts from then on, so `published_at` is that moment here and in whatever follows from it; the
-- marts give the day on which it was published beside it.

with counting as (
    select
        said.metric_id,
        said.area_id,
        said.stratum_id,
        said.event_date,
        said.source_id,
        said.file_sha256,
        coalesce(holds.let_go_at, said.published_at) as published_at,
        said.landed_at,
        said.series_id,
        said.value,
        said.lower,
        said.upper,
        said.missing_reason,
        said.file_row,
        said.sheet_name,
        said.is_conflicting
    from {{ ref('said_in_files') }} as said
    left join {{ ref('holds') }} as holds
        on said.source_id = holds.source_id and said.file_sha256 = holds.file_sha256
    where holds.file_sha256 is null or holds.let_go_at is not null
),

stated as (
    select counting.*
    from counting
    left join {{ ref('overtaken') }} as overtaken
        on
            counting.source_id = overtaken.source_id
            and counting.file_sha256 = overtaken.file_sha256
            and counting.metric_id = overtaken.metric_id
            and counting.area_id = overtaken.area_id
            and counting.stratum_id = overtaken.stratum_id
            and counting.event_date = overtaken.event_date
    where overtaken.file_sha256 is null
)

select * from stated
