-- Every claim that was ever made, with the moment at which its source said something else.

with claims as (
    select
        source_id || '.' || {{ figure_id() }} || '.' || cast(published_at as string)
        || '.' || substr(file_sha256, 1, 8) as claim_id,
        {{ figure_id() }} as figure_id,
        {{ claim_columns() }},
        lead(published_at) over (
            partition by metric_id, area_id, stratum_id, event_date, source_id
            order by published_at, landed_at, file_row
        ) as superseded_at
    from {{ ref('claims_changed') }}
)

select * from claims
