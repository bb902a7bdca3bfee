{{ config(materialized='table') }}
-- What was accepted from reports of people on the ground, and what of it has expired. A few rows, which
-- several models read.

with source as (
    select * from {{ source('ground_reports', 'corrections') }}
),

renamed as (
    select
        'ground_reports' as source_id,
        problem_id as correction_id,
        says,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        value,
        guard_source_id,
        guard_value,
        reason,
        author,
        expires_on,
        {{ provenance() }}
    from source
)

select * from renamed
