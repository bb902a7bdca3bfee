-- One figure a cell and moment: the best-ranked source that has something to say wins. The others
-- stay in claims, and how far they lie apart stays beside the figure.

with in_rank as (
    select
        *,
        count(value) over one_cell as sources_reporting,
        max(value) over one_cell - min(value) over one_cell as gap,
        min(case when value is not null then published_at end) over one_cell as first_said_at,
        max(case when value is not null then published_at end) over one_cell as last_said_at,
        row_number() over (
            partition by metric_id, area_id, stratum_id, event_date, known_from
            -- A source that withdrew gives way to the next; a source without a rule comes last.
            order by (value is null), place_in_rank asc nulls last, source_id asc
        ) as place
    from {{ ref('candidates') }}
    window
        one_cell as (partition by metric_id, area_id, stratum_id, event_date, known_from)
),

winners as (
    select * from in_rank where place = 1
),

explained as (
    -- Only where sources differ is there anything to explain.
    select distinct
        winners.metric_id, winners.area_id, winners.stratum_id, winners.event_date,
        winners.known_from
    from winners
    inner join {{ ref('metrics') }} as metrics on winners.metric_id = metrics.metric_id
    inner join {{ ref('events') }} as events
        on
            -- As in matched_events: a daily metric's event speaks of its running total as well.
            coalesce(events.metric_id, winners.metric_id)
            in (winners.metric_id, metrics.cumulative_of)
            and (events.area_id is null or winners.area_id = events.area_id)
            and winners.event_date >= coalesce(events.event_from, date '1900-01-01')
            and winners.event_date < coalesce(events.event_until, date '9999-01-01')
            -- One source spoke before it and another after: only then is it why they differ.
            and winners.first_said_at < events.happened_on
            and winners.last_said_at >= events.happened_on
    where winners.gap > 0
),

decided as (
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        value,
        lower,
        upper,
        missing_reason,
        published_at,
        landed_at,
        file_sha256,
        file_row,
        known_from,
        rule_id,
        coalesce(rank = 0, false) as is_signed,
        sources_reporting,
        gap,
        case
            when value is null then null
            when sources_reporting = 1 then 'single'
            when gap = 0 then 'agreed'
            when gap <= tolerance_absolute or gap <= tolerance_relative * abs(value)
                then 'within_tolerance'
            when explained.metric_id is not null then 'explained'
            else 'disputed'
        end as status
    from winners
    left join explained using (metric_id, area_id, stratum_id, event_date, known_from)
)

select * from decided
