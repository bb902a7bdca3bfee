-- Areas that all of the last three files listed with a count and this one does not, while most of
-- their kind are still there. A kind that goes altogether is another edition and no accident, and an
-- area with a recorded successor has only changed its name.

with listed as (
    select distinct
        files.source_id,
        files.metric_id,
        files.place,
        files.file_sha256,
        files.landed_at,
        said.area_id,
        areas.area_type
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('areas') }} as areas on said.area_id = areas.area_id
    inner join {{ ref('file_order') }} as files
        on
            said.source_id = files.source_id
            and said.metric_id = files.metric_id
            and said.file_sha256 = files.file_sha256
    where said.value > 0
),

steady as (
    select
        newer.source_id,
        newer.metric_id,
        newer.place,
        newer.file_sha256,
        newer.landed_at,
        older.area_type,
        older.area_id
    from {{ ref('file_order') }} as newer
    inner join listed as older
        on
            newer.source_id = older.source_id
            and newer.metric_id = older.metric_id
            and older.place between newer.place - 3 and newer.place - 1
    left join {{ ref('area_successions') }} as successions
        on older.area_id = successions.from_area_id
    where successions.from_area_id is null
    group by
        newer.source_id,
        newer.metric_id,
        newer.place,
        newer.file_sha256,
        newer.landed_at,
        older.area_type,
        older.area_id
    having count(*) = 3
),

kinds as (
    select
        steady.source_id,
        steady.metric_id,
        steady.file_sha256,
        steady.landed_at,
        steady.area_type,
        count(*) as expected,
        count(listed.area_id) as found,
        min(case when listed.area_id is null then steady.area_id end) as example_area_id
    from steady
    left join listed
        on
            steady.source_id = listed.source_id
            and steady.metric_id = listed.metric_id
            and steady.file_sha256 = listed.file_sha256
            and steady.area_id = listed.area_id
    group by
        steady.source_id,
        steady.metric_id,
        steady.file_sha256,
        steady.landed_at,
        steady.area_type
),

tripped as (
    select kinds.*, 'keys_vanished' as breaker_id
    from kinds
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'keys_vanished'
    where
        kinds.expected >= thresholds.least_count
        and kinds.found > 0.5 * kinds.expected
        and kinds.expected - kinds.found > thresholds.floor * kinds.expected
)

select * from tripped
