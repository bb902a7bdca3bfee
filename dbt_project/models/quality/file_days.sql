-- What each file says of each day, added up by kind of area: small, and enough to judge a file by.

with days as (
    select
        said.source_id,
        said.metric_id,
        said.stratum_id,
        areas.area_type,
        said.event_date,
        said.file_sha256,
        said.published_at,
        said.landed_at,
        sum(said.value) as total,
        count(*) as areas,
        -- Bodies that send returns of their own speak of one area each, and never of the same.
        min(said.area_id) || ' to ' || max(said.area_id) as which_areas
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('areas') }} as areas on said.area_id = areas.area_id
    where not said.is_conflicting and said.value is not null
    group by
        said.source_id,
        said.metric_id,
        said.stratum_id,
        areas.area_type,
        said.event_date,
        said.file_sha256,
        said.published_at,
        said.landed_at
)

select * from days
