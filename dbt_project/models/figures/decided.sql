-- One figure a cell and moment: the best-ranked source that has something to say wins. The others
-- stay in claims, and how far they lie apart stays beside the figure.

with in_rank as (
    select
        *,
        count(value) over one_cell as sources_reporting,
        max(value) over one_cell - min(value) over one_cell as gap,
        row_number() over (
            partition by metric_id, area_id, stratum_id, event_date, known_from
            -- A source that withdrew gives way to the next; a source without a rule comes last.
            order by (value is null), rank asc nulls last, source_id asc
        ) as place
    from {{ ref('candidates') }}
    window
        one_cell as (partition by metric_id, area_id, stratum_id, event_date, known_from)
),

winners as (
    select
        in_rank.*,
        exists (
            select 1 from {{ ref('events') }} as events
            where
                events.metric_id = in_rank.metric_id
                and (events.area_id is null or events.area_id = in_rank.area_id)
                and (events.source_id is null or in_rank.sources_reporting > 1)
                and in_rank.event_date >= coalesce(events.event_from, date '1900-01-01')
                and in_rank.event_date < coalesce(events.event_until, date '9999-01-01')
                and in_rank.known_from >= events.happened_on
        ) as is_explained
    from in_rank
    where place = 1
),

decided as (
    select
        {{ claim_columns() }},
        known_from,
        rule_id,
        sources_reporting,
        gap,
        case
            when value is null then null
            when sources_reporting = 1 then 'single'
            when gap = 0 then 'agreed'
            when gap <= tolerance_absolute or gap <= tolerance_relative * abs(value)
                then 'within_tolerance'
            when is_explained then 'explained'
            else 'disputed'
        end as status
    from winners
)

select * from decided
