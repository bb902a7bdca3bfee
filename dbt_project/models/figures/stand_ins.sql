-- While the newest file of a source is held, what it said before grows old. Of days that still grew when
-- the hold began, whoever has newer days to speak of takes its place, just before it, until it is good
-- again.

with waiting as (
    select ranked.*, spells.newest_day
    from {{ ref('ranked') }} as ranked
    inner join {{ ref('file_spells') }} as spells
        on
            ranked.metric_id = spells.metric_id
            and ranked.source_id = spells.source_id
            and ranked.known_from >= spells.known_from
            and ranked.known_from < spells.known_until
    inner join {{ ref('metrics') }} as metrics on ranked.metric_id = metrics.metric_id
    where
        spells.is_held
        and {{ days_between('ranked.event_date', 'spells.held_from') }}
        <= metrics.usual_lag_days
),

stand_ins as (
    select
        others.metric_id,
        others.area_id,
        others.stratum_id,
        others.event_date,
        others.known_from,
        others.source_id,
        min(waiting.rank) - 0.5 as rank
    from waiting
    inner join {{ ref('ranked') }} as others
        on
            waiting.metric_id = others.metric_id
            and waiting.area_id = others.area_id
            and waiting.stratum_id = others.stratum_id
            and waiting.event_date = others.event_date
            and waiting.known_from = others.known_from
            -- Who has said nothing new of the cell since knows less, not more.
            and waiting.published_at < others.published_at
    inner join {{ ref('file_spells') }} as spells
        on
            others.metric_id = spells.metric_id
            and others.source_id = spells.source_id
            and others.known_from >= spells.known_from
            and others.known_from < spells.known_until
    where
        not spells.is_held
        and others.value is not null
        and waiting.rank > 0
        and spells.newest_day > waiting.newest_day
    group by
        others.metric_id, others.area_id, others.stratum_id, others.event_date,
        others.known_from, others.source_id
)

select * from stand_ins
