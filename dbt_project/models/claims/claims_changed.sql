-- Append-only in meaning: a source is heard when it says something else than it last did. Only of a
-- correction is it known when it ends without another word of its source.

with said as (
    select {{ claim_columns() }}, cast(null as timestamp) as ends_at
    from {{ ref('stated') }}
    where not is_conflicting
    union all
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        series_id,
        cast(null as double) as value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        'withdrawn' as missing_reason,
        published_at,
        landed_at,
        file_sha256,
        cast(0 as bigint) as file_row,
        '' as sheet_name,
        cast(null as timestamp) as ends_at
    from {{ ref('withdrawals') }}
    union all
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        'corrections' as series_id,
        value,
        cast(null as double) as lower,
        cast(null as double) as upper,
        cast(null as string) as missing_reason,
        published_at,
        landed_at,
        file_sha256,
        file_row,
        sheet_name,
        ends_at
    from {{ ref('correction_spells') }}
),

in_order as (
    select
        *,
        lag(value) over one_cell as value_before,
        lag(lower) over one_cell as lower_before,
        lag(upper) over one_cell as upper_before,
        lag(missing_reason) over one_cell as reason_before,
        row_number() over one_cell as place
    from said
    window
        one_cell as (
            partition by metric_id, area_id, stratum_id, event_date, source_id
            order by published_at, landed_at, file_row
        )
),

changed as (
    select {{ claim_columns() }}, ends_at
    from in_order
    where
        place = 1
        -- Who is corrected once more to the same value is corrected for another reason, or longer.
        or source_id = 'ground_reports'
        or value is distinct from value_before
        or lower is distinct from lower_before
        or upper is distinct from upper_before
        or missing_reason is distinct from reason_before
)

select * from changed
