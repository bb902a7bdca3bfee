-- A decision on a cell holds until any source says something that whoever decided had not seen, or
-- somebody decides anew. What had landed by then was seen, whatever its date of publication.

with decided as (
    select
        *,
        lead(decided_at) over (
            partition by metric_id, area_id, stratum_id, event_date order by decided_at, decision_id
        ) as decided_anew_at
    from {{ ref('decisions') }}
    where kind = 'cell'
),

spoken as (
    select
        decided.decision_id,
        min(claims.published_at) as spoken_at
    from decided
    inner join {{ ref('claim_spells') }} as claims
        on
            decided.metric_id = claims.metric_id
            and decided.area_id = claims.area_id
            and decided.stratum_id = claims.stratum_id
            and decided.event_date = claims.event_date
            and decided.decided_at < claims.landed_at
            and (claims.superseded_at is null or claims.superseded_at > decided.decided_at)
    group by decided.decision_id
),

spells as (
    select
        decided.decision_id,
        decided.metric_id,
        decided.area_id,
        decided.stratum_id,
        decided.event_date,
        decided.source_id,
        decided.decided_at as holds_from,
        least(
            coalesce(spoken.spoken_at, timestamp '9999-01-01 00:00:00'),
            coalesce(decided.decided_anew_at, timestamp '9999-01-01 00:00:00')
        ) as holds_until
    from decided
    left join spoken on decided.decision_id = spoken.decision_id
)

select * from spells
where holds_from < holds_until
