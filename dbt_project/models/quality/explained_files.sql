-- Files across whose publication an event of their metric was recorded: what moves then has a reason.

with explained as (
    select distinct newer.source_id, newer.metric_id, newer.file_sha256
    from {{ ref('file_order') }} as newer
    left join {{ ref('file_order') }} as older
        on
            newer.source_id = older.source_id
            and newer.metric_id = older.metric_id
            and older.place = newer.place - 1
    inner join {{ ref('metrics') }} as metrics on newer.metric_id = metrics.metric_id
    inner join {{ ref('events') }} as events
        on
            (events.metric_id = newer.metric_id or events.metric_id = metrics.cumulative_of)
            and (events.source_id is null or events.source_id = newer.source_id)
            and newer.published_at >= events.happened_on
            and coalesce(older.published_at, events.happened_on) <= events.happened_on
)

select * from explained
