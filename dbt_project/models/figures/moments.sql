{{ config(materialized='view') }}
-- A rule that changes, a person who decides or a correction that ends starts a new decision on every cell of its metric that had a claim by then.

with spoken as (
    select metric_id, area_id, stratum_id, event_date, published_at as known_from
    from {{ ref('claims_changed') }}
),

ended as (
    select metric_id, area_id, stratum_id, event_date, ends_at as known_from
    from {{ ref('claims_changed') }}
    where ends_at is not null
),

rule_changes as (
    select metric_id, cast(agreed_on as timestamp) as changed_at
    from {{ ref('precedence') }} where agreed_on is not null
    union
    select metric_id, cast(retired_on as timestamp) as changed_at
    from {{ ref('precedence') }} where retired_on is not null
),

decided as (
    select metric_id, area_id, stratum_id, event_date, holds_from as known_from
    from {{ ref('decision_spells') }}
),

first_spoken as (
    select metric_id, area_id, stratum_id, event_date, min(known_from) as first_known
    from spoken
    group by metric_id, area_id, stratum_id, event_date
),

ruled as (
    select
        first_spoken.metric_id,
        first_spoken.area_id,
        first_spoken.stratum_id,
        first_spoken.event_date,
        rule_changes.changed_at as known_from
    from first_spoken
    inner join rule_changes using (metric_id)
    where rule_changes.changed_at > first_spoken.first_known
),

held as (
    -- When a source is held others may stand in for it, and when it is good again they go.
    select distinct
        spoken.metric_id,
        spoken.area_id,
        spoken.stratum_id,
        spoken.event_date,
        turns.known_from
    from {{ ref('file_spells') }} as turns
    inner join {{ ref('metrics') }} as metrics on turns.metric_id = metrics.metric_id
    inner join {{ ref('claims_changed') }} as spoken
        on
            turns.metric_id = spoken.metric_id
            and turns.known_from >= spoken.published_at
            and {{ days_between('spoken.event_date', 'turns.held_from') }}
            <= metrics.usual_lag_days
    where turns.is_held <> turns.was_held
),

united as (
    select * from spoken
    union
    select * from ended
    union
    select * from held
    union
    select * from ruled
    union
    select * from decided
)

select * from united
