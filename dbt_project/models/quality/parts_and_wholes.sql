-- Areas whose parts add up to more than the area itself in the newest file that has both. Fewer is
-- no contradiction: some people are placed in the whole and in no part of it yet. Levels are added up
-- one by one, since an area can have parts of several kinds and each kind covers it; a part counts
-- on the days on which it existed, beside neither what it was merged from nor into.

with newest as (
    select source_id, metric_id, file_sha256, published_at, landed_at
    from {{ ref('file_order') }}
    qualify row_number() over (partition by source_id, metric_id order by place desc) = 1
),

said as (
    select
        said.source_id,
        said.metric_id,
        said.stratum_id,
        said.event_date,
        said.area_id,
        said.value,
        newest.file_sha256,
        newest.published_at,
        newest.landed_at,
        areas.parent_area_id,
        said.event_date between coalesce(areas.valid_from, date '1900-01-01')
        and coalesce(areas.valid_to, date '9999-12-31') as is_there,
        case
            when areas.is_upper_tier then 'upper tier'
            when areas.area_type in ('trust', 'independent_provider', 'hospital') then 'provider'
            else areas.area_type
        end as level
    from {{ ref('said_in_files') }} as said
    inner join newest
        on
            said.source_id = newest.source_id
            and said.metric_id = newest.metric_id
            and said.file_sha256 = newest.file_sha256
    inner join {{ ref('areas') }} as areas on said.area_id = areas.area_id
    inner join {{ ref('metrics') }} as metrics on said.metric_id = metrics.metric_id
    where
        metrics.is_additive_over_area
        and not said.is_conflicting
        and said.value is not null
        -- Great Britain and England and Wales overlap.
        and areas.area_type <> 'country_group'
),

parts as (
    select
        source_id,
        metric_id,
        stratum_id,
        event_date,
        parent_area_id,
        level,
        sum(value) as parts
    from said
    where is_there
    group by source_id, metric_id, stratum_id, event_date, parent_area_id, level
),

exceeding as (
    select
        said.source_id,
        said.metric_id,
        said.stratum_id,
        said.event_date,
        said.area_id,
        said.file_sha256,
        said.published_at,
        said.landed_at,
        parts.level,
        said.value as whole,
        parts.parts
    from said
    inner join parts
        on
            said.source_id = parts.source_id
            and said.metric_id = parts.metric_id
            and said.stratum_id = parts.stratum_id
            and said.event_date = parts.event_date
            and said.area_id = parts.parent_area_id
    where parts.parts > said.value
)

select * from exceeding
