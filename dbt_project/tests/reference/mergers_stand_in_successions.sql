{{ config(severity='warn') }}
-- A merger that a file names is a step in area_successions, on the same day.

select mergers.from_area_id, mergers.to_area_id, mergers.happened_on
from {{ ref('stg_ods_reference__mergers') }} as mergers
left join {{ ref('area_successions') }} as successions
    on
        mergers.from_area_id = successions.from_area_id
        and mergers.to_area_id = successions.to_area_id
        and mergers.happened_on = successions.happened_on
where successions.from_area_id is null
