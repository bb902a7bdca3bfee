-- What publishers say, and said, of the cells that were corrected; a withdrawal is something else too.

with corrected as (
    select distinct metric_id, area_id, stratum_id, event_date
    from {{ ref('stg_ground_reports__corrections') }}
),

said as (
    select
        metric_id, area_id, stratum_id, event_date, source_id,
        value, missing_reason, published_at, landed_at, file_row
    from {{ ref('stated') }}
    where not is_conflicting
    union all
    select
        metric_id, area_id, stratum_id, event_date, source_id,
        cast(null as double) as value, 'withdrawn' as missing_reason,
        published_at, landed_at, cast(0 as bigint) as file_row
    from {{ ref('withdrawals') }}
),

in_order as (
    select
        said.*,
        lead(said.published_at) over (
            partition by
                said.metric_id, said.area_id, said.stratum_id, said.event_date, said.source_id
            order by said.published_at, said.landed_at, said.file_row
        ) as superseded_at
    from said
    inner join corrected using (metric_id, area_id, stratum_id, event_date)
),

spells as (
    select * from in_order
    where superseded_at is null or superseded_at > published_at
)

select * from spells
