-- Why each figure changed: every part has one kind of a closed list, by the first rule that fits.
-- The parts of a change always add up to the change.

with first_publications as (
    select source_id, metric_id, min(published_at) as first_published_at
    from {{ ref('publications') }}
    group by source_id, metric_id
),

matched as (
    select
        parts.*,
        matched_events.event_id,
        matched_events.kind as event_kind,
        matched_events.published_text,
        zero_sum.net as zero_sum_net,
        first_publications.first_published_at
    from {{ ref('change_parts') }} as parts
    left join {{ ref('areas') }} as areas on parts.area_id = areas.area_id
    left join {{ ref('matched_events') }} as matched_events
        on
            parts.figure_id = matched_events.figure_id
            and parts.version = matched_events.version
            and parts.part = matched_events.part
    left join {{ ref('zero_sum_moves') }} as zero_sum
        on
            parts.metric_id = zero_sum.metric_id
            and parts.stratum_id = zero_sum.stratum_id
            and parts.event_date = zero_sum.event_date
            and parts.known_from = zero_sum.known_from
            and areas.parent_area_id = zero_sum.parent_area_id
            and areas.area_type = zero_sum.area_type
    left join first_publications
        on
            parts.source_id = first_publications.source_id
            and parts.metric_id = first_publications.metric_id
),

kinds as (
    select
        figure_id,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        version,
        known_from as changed_at,
        value_before,
        value as value_after,
        difference,
        part,
        amount,
        {{ kind_of_change() }} as kind,
        event_id,
        published_text as event_text,
        source_id,
        source_id_before
    from matched
)

select * from kinds
order by metric_id, area_id, event_date, changed_at
