-- A change whose publisher restated the old value falls into two parts, any other is one part.

with changes as (
    select
        changes.*,
        restated.value as restated_before
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
),

parts as (
    select *, 'whole' as part, difference as amount
    from changes
    where restated_before is null
    union all
    select *, 'footing' as part, restated_before - value_before as amount
    from changes
    where restated_before <> value_before
    union all
    select *, 'growth' as part, value - restated_before as amount
    from changes
    where value <> restated_before or restated_before = value_before
)

select * from parts
