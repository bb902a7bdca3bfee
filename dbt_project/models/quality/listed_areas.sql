-- The areas that each file lists with a count, be it none.

with listed as (
    select distinct
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.place,
        said.area_id,
        areas.area_type
    from {{ ref('said_in_files') }} as said
    inner join {{ ref('areas') }} as areas on said.area_id = areas.area_id
    inner join {{ ref('file_order') }} as files
        on
            said.source_id = files.source_id
            and said.metric_id = files.metric_id
            and said.file_sha256 = files.file_sha256
    where said.value is not null
)

select * from listed
