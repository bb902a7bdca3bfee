-- Every claim that was ever made, with the moment at which its source said something else. A claim of a
-- file that was held counts from the moment at which a person let it go.

with counting as (
    select
        {{ claim_columns() }},
        published_at as counts_from,
        coalesce(
            ends_at,
            lead(published_at) over (
                partition by metric_id, area_id, stratum_id, event_date, source_id
                order by published_at, landed_at, file_row
            )
        ) as superseded_at
    from {{ ref('claims_changed') }}
),

published as (
    select
        counting.*,
        coalesce(holds.published_at, counting.published_at) as first_published_at
    from counting
    left join {{ ref('holds') }} as holds
        on counting.source_id = holds.source_id and counting.file_sha256 = holds.file_sha256
),

claims as (
    select
        source_id || '.' || {{ figure_id() }} || '.' || cast(first_published_at as string)
        || '.' || substr(file_sha256, 1, 8) as claim_id,
        {{ figure_id() }} as figure_id,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        series_id,
        value,
        lower,
        upper,
        missing_reason,
        first_published_at as published_at,
        counts_from,
        landed_at,
        file_sha256,
        file_row,
        sheet_name,
        superseded_at
    from published
)

select * from claims
