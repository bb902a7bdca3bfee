-- Append-only in meaning: a source is heard when it says something else than it last did.

with said as (
    select {{ claim_columns() }} from {{ ref('stated') }} where not is_conflicting
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
        '' as sheet_name
    from {{ ref('withdrawals') }}
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
    select {{ claim_columns() }}
    from in_order
    where
        place = 1
        or value is distinct from value_before
        or lower is distinct from lower_before
        or upper is distinct from upper_before
        or missing_reason is distinct from reason_before
)

select * from changed
