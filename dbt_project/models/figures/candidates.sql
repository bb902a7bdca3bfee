{{ config(materialized='view') }}
-- A left join to the rules: a claim without one is named by a failing test, never dropped.

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
        precedence.rule_id,
        precedence.rank,
        coalesce(precedence.tolerance_absolute, 0) as tolerance_absolute,
        coalesce(precedence.tolerance_relative, 0) as tolerance_relative
    from saying
    left join {{ ref('precedence') }} as precedence
        on
            saying.metric_id = precedence.metric_id
            and saying.source_id = precedence.source_id
            and (precedence.agreed_on is null or saying.known_from >= precedence.agreed_on)
            and (precedence.retired_on is null or saying.known_from < precedence.retired_on)
)

select * from ranked
