-- What other sources said of a corrected cell that nobody had weighed when the correction was accepted:
-- another value than the one which had landed by then. One that is preferred to the guard ends it.

with accepted as (
    select * from {{ ref('landed_corrections') }} where says = 'correction'
),

others as (
    select
        guards.*,
        accepted.correction_id,
        accepted.file_sha256,
        accepted.guard_source_id,
        accepted.published_at as accepted_at,
        greatest(guards.published_at, guards.landed_at) <= accepted.published_at as was_seen
    from accepted
    inner join {{ ref('guard_spells') }} as guards
        on
            accepted.metric_id = guards.metric_id
            and accepted.area_id = guards.area_id
            and accepted.stratum_id = guards.stratum_id
            and accepted.event_date = guards.event_date
            and accepted.guard_source_id <> guards.source_id
),

last_seen as (
    select correction_id, source_id, value as seen_value, missing_reason as seen_reason
    from others
    where was_seen
    qualify
        row_number() over (
            partition by correction_id, source_id
            order by published_at desc, landed_at desc, file_row desc
        ) = 1
),

since as (
    select
        others.*,
        last_seen.seen_value,
        last_seen.seen_reason,
        greatest(others.published_at, others.accepted_at) as objected_from
    from others
    left join last_seen
        on others.correction_id = last_seen.correction_id and others.source_id = last_seen.source_id
    where
        not others.was_seen
        and (others.superseded_at is null or others.superseded_at > others.accepted_at)
),

objections as (
    select
        since.correction_id,
        since.file_sha256,
        since.metric_id,
        since.area_id,
        since.stratum_id,
        since.event_date,
        since.source_id,
        since.value,
        since.objected_from,
        since.superseded_at,
        coalesce(theirs.rank < coalesce(guarding.rank, 2147483647), false) as is_preferred
    from since
    left join {{ ref('precedence') }} as theirs
        on
            since.metric_id = theirs.metric_id
            and since.source_id = theirs.source_id
            and (theirs.agreed_on is null or since.objected_from >= theirs.agreed_on)
            and (theirs.retired_on is null or since.objected_from < theirs.retired_on)
    left join {{ ref('precedence') }} as guarding
        on
            since.metric_id = guarding.metric_id
            and since.guard_source_id = guarding.source_id
            and (guarding.agreed_on is null or since.objected_from >= guarding.agreed_on)
            and (guarding.retired_on is null or since.objected_from < guarding.retired_on)
    where
        -- A source that says nothing any more objects to nothing; one that hides its value does.
        (since.value is not null and since.value is distinct from since.seen_value)
        or (
            since.missing_reason = 'suppressed_by_publisher'
            and since.seen_reason is distinct from since.missing_reason
        )
)

select * from objections
