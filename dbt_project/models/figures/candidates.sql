{{ config(materialized='view') }}
-- Who says what of a cell when a decision is made, in the order in which they are heard.

with placed as (
    select
        ranked.*,
        coalesce(stand_ins.rank < ranked.rank, false) as stands_in,
        least(ranked.rank, coalesce(stand_ins.rank, ranked.rank)) as place_in_rank
    from {{ ref('ranked') }} as ranked
    left join {{ ref('stand_ins') }} as stand_ins
        on
            ranked.metric_id = stand_ins.metric_id
            and ranked.area_id = stand_ins.area_id
            and ranked.stratum_id = stand_ins.stratum_id
            and ranked.event_date = stand_ins.event_date
            and ranked.known_from = stand_ins.known_from
            and ranked.source_id = stand_ins.source_id
)

select * from placed
