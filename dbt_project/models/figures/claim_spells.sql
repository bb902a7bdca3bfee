{{ config(materialized='view') }}
-- Of claims with one time of publication only the last to land ever held; a correction may end earlier.

with in_order as (
    select
        *,
        coalesce(
            ends_at,
            lead(published_at) over (
                partition by metric_id, area_id, stratum_id, event_date, source_id
                order by published_at, landed_at, file_row
            )
        ) as superseded_at
    from {{ ref('claims_changed') }}
),

held as (
    select * from in_order
    where superseded_at is null or superseded_at > published_at
)

select * from held
