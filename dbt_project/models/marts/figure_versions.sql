-- The decision through time as intervals: a row holds from known_from until known_to.

with decided as (
    select
        decided.*,
        row_number() over one_cell as version,
        lead(known_from) over one_cell as known_to,
        lag(value) over one_cell as value_before,
        provisional_days.provisional_until
    from {{ ref('expected_ranges') }} as decided
    left join {{ ref('provisional_days') }} as provisional_days
        using (source_id, metric_id, event_date)
    window
        one_cell as (
            partition by decided.metric_id, decided.area_id, decided.stratum_id, decided.event_date
            order by decided.known_from
        )
),

counted as (
    select
        *,
        sum(
            case when version > 1 and value is distinct from value_before then 1 else 0 end
        ) over so_far as revisions,
        first_value(value) over so_far as first_value,
        -- Versions of one quarrel share the number of the agreed ones before them.
        sum(case when gap > 0 then 0 else 1 end) over so_far as agreements
    from decided
    window
        so_far as (
            partition by metric_id, area_id, stratum_id, event_date order by known_from
            rows between unbounded preceding and current row
        )
),

quarrels as (
    select
        *,
        case
            when gap > 0
                then min(case when gap > 0 then known_from end) over (
                    partition by metric_id, area_id, stratum_id, event_date, agreements
                )
        end as disagreed_from
    from counted
),

versions as (
    select
        {{ figure_id() }} as figure_id,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        value,
        lower,
        upper,
        source_id,
        rule_id,
        status,
        case when status = 'explained' then explained_by end as explained_by,
        sources_reporting,
        gap,
        first_value,
        cast(revisions as bigint) as revisions,
        missing_reason,
        source_id = 'ground_reports' as is_corrected,
        awaits_decision,
        disagreed_from,
        coalesce(holds.published_at, quarrels.published_at) as published_at,
        landed_at,
        file_sha256,
        file_row,
        cast(version as bigint) as version,
        known_from,
        known_to,
        provisional_until,
        settlings.settled_at,
        {{ while_provisional('expected_low') }},
        {{ while_provisional('expected_high') }},
        {{ while_provisional('expected_low_80') }},
        {{ while_provisional('expected_high_80') }}
    from quarrels
    left join {{ ref('settlings') }} as settlings
        using (source_id, metric_id, area_id, provisional_until)
    -- A file that a person let go counts from then on, and was published before.
    left join {{ ref('holds') }} as holds using (source_id, file_sha256)
)

select * from versions
