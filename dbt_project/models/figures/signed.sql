-- Where a metric asks for a sign-off, a disputed cell keeps the last figure that was not disputed, or
-- that a person signed, until a person decides. All other decisions pass as they are.

with decided as (
    select
        decided.*,
        metrics.needs_sign_off
        and coalesce(decided.status = 'disputed', false)
        and not decided.is_signed as awaits_decision
    from {{ ref('decided') }} as decided
    inner join {{ ref('metrics') }} as metrics on decided.metric_id = metrics.metric_id
),

counted as (
    -- Decisions that wait share the number of the one before them that did not.
    select
        *,
        sum(case when awaits_decision then 0 else 1 end) over (
            partition by metric_id, area_id, stratum_id, event_date order by known_from
            rows between unbounded preceding and current row
        ) as last_signed
    from decided
    where metric_id in (select metric_id from {{ ref('metrics') }} where needs_sign_off)
),

kept as (
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        known_from,
        sources_reporting,
        gap,
        status,
        explained_by,
        awaits_decision,
        {{ as_signed('value', 'null') }},
        {{ as_signed('lower', 'null') }},
        {{ as_signed('upper', 'null') }},
        {{ as_signed('source_id', 'source_id') }},
        {{ as_signed('rule_id', 'null') }},
        {{ as_signed('missing_reason', "'awaiting_decision'") }},
        {{ as_signed('published_at', 'published_at') }},
        {{ as_signed('landed_at', 'landed_at') }},
        {{ as_signed('file_sha256', 'null') }},
        {{ as_signed('file_row', 'null') }}
    from counted
    window
        one_signature as (
            partition by metric_id, area_id, stratum_id, event_date, last_signed
            order by known_from
        )
),

signed as (
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        known_from,
        sources_reporting,
        gap,
        status,
        explained_by,
        awaits_decision,
        value,
        lower,
        upper,
        source_id,
        rule_id,
        missing_reason,
        published_at,
        landed_at,
        file_sha256,
        file_row
    from decided
    where metric_id in (select metric_id from {{ ref('metrics') }} where not needs_sign_off)
    union all
    select * from kept
)

select * from signed
