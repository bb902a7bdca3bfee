-- Every correction that was accepted, whether it holds or how it ended.

with corrections as (
    select
        correction_id,
        {{ figure_id() }} as figure_id,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        value,
        reason,
        author,
        published_at as accepted_at,
        expires_on,
        guard_source_id,
        guard_value,
        ends_at as ended_at,
        ended_because
    from {{ ref('correction_spells') }}
)

select * from corrections
order by accepted_at, correction_id
