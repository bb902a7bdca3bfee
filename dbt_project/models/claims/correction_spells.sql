-- From when until when a correction holds: until its publisher says something else than when it was
-- accepted or hides its value, a preferred source says something new, it expires, is taken back, or another
-- one is accepted. What stood by then, whenever it landed, counts as said by then; a correction of what had
-- been repaired already never held.

with accepted as (
    select
        *,
        lead(published_at) over (
            partition by metric_id, area_id, stratum_id, event_date
            order by published_at, landed_at
        ) as replaced_at
    from {{ ref('landed_corrections') }}
    where says = 'correction'
),

repairs as (
    select
        accepted.correction_id,
        greatest(min(guards.published_at), min(accepted.published_at)) as repaired_at
    from accepted
    inner join {{ ref('guard_spells') }} as guards
        on
            accepted.metric_id = guards.metric_id
            and accepted.area_id = guards.area_id
            and accepted.stratum_id = guards.stratum_id
            and accepted.event_date = guards.event_date
            and accepted.guard_source_id = guards.source_id
            and (guards.superseded_at is null or guards.superseded_at > accepted.published_at)
    where
        guards.value is distinct from accepted.guard_value
        or guards.missing_reason = 'suppressed_by_publisher'
    group by accepted.correction_id
),

overtakings as (
    select correction_id, min(objected_from) as overtaken_at
    from {{ ref('objections') }}
    where is_preferred
    group by correction_id
),

expiries as (
    -- Its day has come once anything was published on it or later; a file that was dated after it landed
    -- tells no time. The store writes one of its own, so that the day is kept where nobody publishes.
    select accepted.correction_id, min(files.published_at) as expired_at
    from accepted
    inner join {{ ref('landed_files') }} as files
        on
            files.published_at >= accepted.expires_on
            and files.published_at <= files.landed_at
    group by accepted.correction_id
),

ends as (
    select correction_id, repaired_at as ends_at, 1 as place, 'repaired' as ended_because
    from repairs
    union all
    select correction_id, overtaken_at as ends_at, 2 as place, 'overtaken' as ended_because
    from overtakings
    union all
    select correction_id, expired_at as ends_at, 3 as place, 'expired' as ended_because
    from expiries
    union all
    select correction_id, published_at as ends_at, 4 as place, says as ended_because
    from {{ ref('landed_corrections') }}
    where says in ('expired', 'taken_back')
    union all
    select correction_id, replaced_at as ends_at, 5 as place, 'replaced' as ended_because
    from accepted
    where replaced_at is not null
),

first_ends as (
    select * from ends
    qualify row_number() over (partition by correction_id order by ends_at, place) = 1
),

spells as (
    select accepted.*, first_ends.ends_at, first_ends.ended_because
    from accepted
    left join first_ends on accepted.correction_id = first_ends.correction_id
)

select * from spells
