-- A change whose publisher restated the old value falls into two parts; so does a first value of
-- which the publisher says how much an event put into it. Any other change is one part.

with amounts as (
    select
        events.metric_id,
        amounts.*
    from {{ ref('event_amounts') }} as amounts
    inner join {{ ref('events') }} as events on amounts.event_id = events.event_id
),

changes as (
    select
        changes.*,
        restated.value as restated_before,
        amounts.event_id as stated_event_id,
        amounts.amount as stated_amount
    from {{ ref('value_changes') }} as changes
    left join {{ ref('restated_before') }} as restated
        on
            changes.metric_id = restated.metric_id
            and changes.source_id = restated.source_id
            and changes.source_id_before = restated.source_id
            and changes.area_id = restated.area_id
            and changes.event_date = restated.event_date
            and changes.file_sha256 = restated.file_sha256
            and changes.value is not null
            and changes.value_before is not null
    left join amounts
        on
            changes.metric_id = amounts.metric_id
            and changes.source_id = amounts.source_id
            and changes.area_id = amounts.area_id
            and changes.event_date = amounts.event_date
            and changes.stratum_id = 'all'
            and changes.version = 1
),

parts as (
    select *, 'whole' as part, difference as amount
    from changes
    where restated_before is null and stated_amount is null
    union all
    select *, 'footing' as part, restated_before - value_before as amount
    from changes
    where restated_before <> value_before
    union all
    select *, 'stated' as part, stated_amount as amount
    from changes
    where stated_amount is not null
    union all
    select *, 'growth' as part, value - coalesce(restated_before, stated_amount) as amount
    from changes
    where
        value <> coalesce(restated_before, stated_amount)
        or restated_before = value_before
)

select * from parts
