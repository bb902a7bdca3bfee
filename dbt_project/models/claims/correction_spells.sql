-- From when until when a correction holds: until its publisher says something else than when it was
-- accepted, until it expires, or until another one is accepted. What stood by then, whenever it landed,
-- counts as said by then; a correction of what had been repaired already never held.

with landed as (
    select corrections.*
    from {{ ref('stg_ground_reports__corrections') }} as corrections
    inner join {{ ref('landed_files') }} as landed_files
        on
            corrections.source_id = landed_files.source_id
            and corrections.file_sha256 = landed_files.file_sha256
),

accepted as (
    select
        *,
        lead(published_at) over (
            partition by metric_id, area_id, stratum_id, event_date
            order by published_at, landed_at
        ) as replaced_at
    from landed
    where says = 'correction'
),

expiries as (
    select correction_id, min(published_at) as expired_at
    from landed
    where says = 'expired'
    group by correction_id
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
    where guards.value is distinct from accepted.guard_value
    group by accepted.correction_id
),

ends as (
    select correction_id, repaired_at as ends_at, 1 as place, 'repaired' as ended_because
    from repairs
    union all
    select correction_id, expired_at as ends_at, 2 as place, 'expired' as ended_because
    from expiries
    union all
    select correction_id, replaced_at as ends_at, 3 as place, 'replaced' as ended_because
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
