-- How far what a file says lies from what its reference leads one to expect: the middle of what the
-- ratio of the two was in earlier files, for a day at the same two ages, because days grow and
-- sources differ. A source's own areas are expected to keep their share.

with own_areas as (
    select
        *,
        cast(null as bigint) as files_before,
        0.0 as usual_log_ratio
    from {{ ref('comparisons') }}
    where is_own and is_settled and scope <> 'day'
),

others as (
    select
        *,
        count(*) over files_before as files_before,
        {{ middle('log_ratio') }} over files_before as usual_log_ratio
    from {{ ref('comparisons') }}
    where not (is_own and is_settled and scope <> 'day')
    window
        files_before as (
            partition by
                source_id, metric_id, stratum_id, area_type, reference_source_id, epoch,
                reference_epoch, scope, age_days,
                reference_age_days,
                case when scope = 'area' then subject end
            order by published_at
            range between unbounded preceding and interval '1' second preceding
        )
),

expected as (
    select * from own_areas
    union all
    select * from others
),

moved as (
    select
        *,
        coalesce(files_before, 10) >= 10 as is_learned,
        log_ratio - case when files_before < 10 then 0 else usual_log_ratio end as moved
    from expected
    where coalesce(files_before, 10) >= 10 or is_settled
)

select
    *,
    moved * sqrt(people) as moved_by_chance
from moved
