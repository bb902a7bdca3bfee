-- One figure a cell and moment: the best-ranked source that has something to say wins. The others
-- stay in claims, and how far they lie apart stays beside the figure.

with in_rank as (
    select
        *,
        count(value) over one_cell as sources_reporting,
        max(value) over one_cell - min(value) over one_cell as gap,
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

beside_events as (
    -- Only where sources differ is there anything to explain.
    select
        in_rank.metric_id,
        in_rank.area_id,
        in_rank.stratum_id,
        in_rank.event_date,
        in_rank.known_from,
        events.event_id,
        in_rank.value,
        case
            when in_rank.place = 1
                then greatest(
                    coalesce(in_rank.tolerance_absolute, 0),
                    coalesce(in_rank.tolerance_relative, 0) * abs(in_rank.value)
                )
        end as tolerance,
        in_rank.published_at < events.happened_on as is_of_before,
        coalesce(
            coalesce(events.source_id, in_rank.source_id) = in_rank.source_id
            and in_rank.published_at >= events.happened_on
            and editions.previous_published_at < events.happened_on,
            false
        ) as is_of_the_event
    from in_rank
    inner join {{ ref('metrics') }} as metrics on in_rank.metric_id = metrics.metric_id
    inner join {{ ref('events') }} as events
        on
            -- As in matched_events: a daily metric's event speaks of its running total as well.
            coalesce(events.metric_id, in_rank.metric_id)
            in (in_rank.metric_id, metrics.cumulative_of)
            and (events.area_id is null or in_rank.area_id = events.area_id)
            and in_rank.event_date >= coalesce(events.event_from, date '1900-01-01')
            and in_rank.event_date < coalesce(events.event_until, date '9999-01-01')
            and in_rank.last_said_at >= events.happened_on
    left join {{ ref('editions') }} as editions
        on
            in_rank.source_id = editions.source_id
            and in_rank.metric_id = editions.metric_id
            and in_rank.area_id = editions.area_id
            and in_rank.published_at = editions.published_at
    where in_rank.gap > 0 and in_rank.value is not null
),

by_event as (
    -- Some spoke before it and have not changed since, the others changed when they first spoke after
    -- it, and neither these nor those differ among themselves: only then is it why they differ.
    select metric_id, area_id, stratum_id, event_date, known_from, event_id
    from beside_events
    group by metric_id, area_id, stratum_id, event_date, known_from, event_id
    having
        max(is_of_before)
        and max(is_of_the_event)
        and min(is_of_before or is_of_the_event)
        and max(case when is_of_before then value end)
        - min(case when is_of_before then value end) <= max(tolerance)
        and max(case when is_of_the_event then value end)
        - min(case when is_of_the_event then value end) <= max(tolerance)
),

explained as (
    select
        metric_id, area_id, stratum_id, event_date, known_from, min(event_id) as explained_by
    from by_event
    group by metric_id, area_id, stratum_id, event_date, known_from
),

objected as (
    select distinct
        winners.metric_id,
        winners.area_id,
        winners.stratum_id,
        winners.event_date,
        winners.known_from,
        true as is_objected
    from winners
    inner join {{ ref('objections') }} as objections
        on
            winners.metric_id = objections.metric_id
            and winners.area_id = objections.area_id
            and winners.stratum_id = objections.stratum_id
            and winners.event_date = objections.event_date
            and winners.file_sha256 = objections.file_sha256
            and winners.known_from >= objections.objected_from
            and (
                objections.superseded_at is null or winners.known_from < objections.superseded_at
            )
    where winners.source_id = 'ground_reports' and objections.value is not null
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
        coalesce(rank <= 0, false) as is_signed,
        sources_reporting,
        gap,
        case
            when value is null then null
            when sources_reporting = 1 then 'single'
            when gap = 0 then 'agreed'
            when gap <= tolerance_absolute or gap <= tolerance_relative * abs(value)
                then 'within_tolerance'
            when explained_by is not null then 'explained'
            -- Why a correction differs from what others say stands in it, while they say no more.
            when source_id = 'ground_reports' and is_objected is null then 'explained'
            else 'disputed'
        end as status,
        explained_by
    from winners
    left join explained using (metric_id, area_id, stratum_id, event_date, known_from)
    left join objected using (metric_id, area_id, stratum_id, event_date, known_from)
)

select * from decided
