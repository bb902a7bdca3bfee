-- Which areas each file lists, by its place among the files of its source, and the place of the file
-- that lists the area next: between the two it is missing.

with listed as (
    select distinct
        files.source_id,
        files.metric_id,
        files.place,
        areas.area_type,
        said.area_id
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('areas') }} as areas on said.area_id = areas.area_id
    inner join {{ ref('file_order') }} as files
        on
            said.source_id = files.source_id
            and said.metric_id = files.metric_id
            and said.file_sha256 = files.file_sha256
),

in_order as (
    select
        *,
        lead(place) over one_area as next_place,
        count(*) over (
            partition by source_id, metric_id, area_id order by place
            range between 27 preceding and current row
        ) as listed_lately
    from listed
    window
        one_area as (partition by source_id, metric_id, area_id order by place)
)

select * from in_order
