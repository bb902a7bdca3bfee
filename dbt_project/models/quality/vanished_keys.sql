-- How many areas of each kind a file was expected to list, because most of the fourteen files before
-- it did, and how many of them it does not. An area with a recorded successor has only changed its name.

with listed as (
    select * from {{ ref('listed_areas') }}
),

expected as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.place,
        files.published_at,
        files.landed_at,
        listed.area_type,
        listed.area_id
    from {{ ref('file_order') }} as files
    inner join listed
        on
            files.source_id = listed.source_id
            and files.metric_id = listed.metric_id
            and listed.place between files.place - 14 and files.place - 1
    left join {{ ref('area_successions') }} as successions
        on
            listed.area_id = successions.from_area_id
            and files.published_at >= successions.happened_on
    where successions.from_area_id is null and files.place > 3
    group by
        files.source_id, files.metric_id, files.file_sha256, files.place, files.published_at,
        files.landed_at, listed.area_type, listed.area_id
    having 2 * count(*) > least(files.place - 1, 14)
),

by_file as (
    select
        expected.source_id,
        expected.metric_id,
        expected.file_sha256,
        expected.published_at,
        expected.landed_at,
        expected.area_type,
        count(*) as expected,
        count(*) - count(listed.area_id) as missing,
        min(case when listed.area_id is null then expected.area_id end) as example_area_id
    from expected
    left join listed
        on
            expected.source_id = listed.source_id
            and expected.metric_id = listed.metric_id
            and expected.place = listed.place
            and expected.area_id = listed.area_id
    group by
        expected.source_id, expected.metric_id, expected.file_sha256, expected.published_at,
        expected.landed_at, expected.area_type
),

beside_the_usual as (
    select
        *,
        count(*) over files_before as files_before,
        {{ middle('missing') }} over files_before as usually_missing
    from by_file
    window files_before as {{ files_before('source_id, metric_id, area_type') }}
)

select * from beside_the_usual
