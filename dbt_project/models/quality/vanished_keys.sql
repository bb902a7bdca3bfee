-- How many areas each file lists, by kind, and how many are missing that most files of a month before
-- listed. An area with a recorded successor has only changed its name.

with found as (
    select
        source_id,
        metric_id,
        place,
        area_type,
        count(*) as found,
        cast(0 as bigint) as missing,
        cast(null as string) as example_area_id
    from {{ ref('file_lists') }}
    group by source_id, metric_id, place, area_type
),

gone as (
    select
        files.source_id,
        files.metric_id,
        files.place,
        lists.area_type,
        cast(0 as bigint) as found,
        count(*) as missing,
        min(lists.area_id) as example_area_id
    from {{ ref('file_lists') }} as lists
    inner join {{ ref('file_order') }} as files
        on
            lists.source_id = files.source_id
            and lists.metric_id = files.metric_id
            and files.place > lists.place
            and files.place <= lists.place + 14
            and files.place < coalesce(lists.next_place, 2147483647)
    left join {{ ref('area_successions') }} as successions
        on
            lists.area_id = successions.from_area_id
            and successions.happened_on <= files.published_at
    where
        successions.from_area_id is null
        and files.place > 3
        and 2 * lists.listed_lately > least(files.place - 1, 28)
    group by files.source_id, files.metric_id, files.place, lists.area_type
),

united as (
    select * from found
    union all
    select * from gone
),

by_file as (
    select
        source_id,
        metric_id,
        place,
        area_type,
        sum(found) as found,
        sum(missing) as missing,
        min(example_area_id) as example_area_id
    from united
    group by source_id, metric_id, place, area_type
),

beside_the_usual as (
    select
        *,
        {{ middle('missing') }} over files_before as usually_missing,
        count(*) over files_before as files_before
    from by_file
    window
        files_before as (
            partition by source_id, metric_id, area_type order by place
            rows between unbounded preceding and 1 preceding
        )
)

select * from beside_the_usual
