-- How far what a file says lies from what its reference leads one to expect: the middle of what the
-- ratio of the two was in earlier files, for a day at the same two ages, because days grow and
-- sources differ. Until there is a history, a source's own settled days are expected to stay. Its own
-- areas are always expected to keep their share.

with own_areas as (
    select
        *,
        true as is_learned,
        log_ratio as moved
    from {{ ref('comparisons') }}
    where is_own and scope = 'area'
),

others as (
    select
        *,
        count(*) over files_before >= 14 as is_learned,
        {{ middle('log_ratio') }} over files_before as usual_log_ratio
    from {{ ref('comparisons') }}
    where not (is_own and scope = 'area')
    window
        files_before as (
            partition by
                source_id, metric_id, stratum_id, area_type, reference_source_id, epoch,
                reference_epoch, scope, is_settled, age_days, reference_age_days,
                case when scope <> 'day' then subject end
            order by published_at
            range between unbounded preceding and interval '1' second preceding
        )
),

moved as (
    select * from own_areas
    union all
    select
        * exclude (usual_log_ratio),
        log_ratio - case when is_learned then usual_log_ratio else 0 end as moved
    from others
    where is_learned or (is_own and is_settled)
)

select
    *,
    moved * sqrt(people) as moved_by_chance
from moved
