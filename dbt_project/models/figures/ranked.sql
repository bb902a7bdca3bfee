{{ config(materialized='view') }}
-- Who says what of a cell when a decision is made, by the rank that rules or a person gave them. A left
-- join to the rules: a claim without one is named by a failing test, never dropped.

with saying as (
    select
        moments.known_from,
        spells.*
    from {{ ref('moments') }} as moments
    inner join {{ ref('claim_spells') }} as spells
        on
            moments.metric_id = spells.metric_id
            and moments.area_id = spells.area_id
            and moments.stratum_id = spells.stratum_id
            and moments.event_date = spells.event_date
            and moments.known_from >= spells.published_at
            and (spells.superseded_at is null or moments.known_from < spells.superseded_at)
),

ranked as (
    select
        saying.*,
        coalesce(decisions.decision_id, precedence.rule_id) as rule_id,
        -- Whom a person chose comes before whom the rules prefer, and before a correction, rank 0.
        case when decisions.decision_id is null then precedence.rank else -1 end as rank,
        coalesce(precedence.tolerance_absolute, 0) as tolerance_absolute,
        coalesce(precedence.tolerance_relative, 0) as tolerance_relative
    from saying
    left join {{ ref('precedence') }} as precedence
        on
            saying.metric_id = precedence.metric_id
            and saying.source_id = precedence.source_id
            and (precedence.agreed_on is null or saying.known_from >= precedence.agreed_on)
            and (precedence.retired_on is null or saying.known_from < precedence.retired_on)
    left join {{ ref('decision_spells') }} as decisions
        on
            saying.metric_id = decisions.metric_id
            and saying.area_id = decisions.area_id
            and saying.stratum_id = decisions.stratum_id
            and saying.event_date = decisions.event_date
            and saying.source_id = decisions.source_id
            and saying.known_from >= decisions.holds_from
            and saying.known_from < decisions.holds_until
)

select * from ranked
