-- The largest step in each file, and what it usually is: the middle of all files before, so that
-- files that were held, or should have been, do not widen what the next may do.

with largest as (
    select
        source_id,
        metric_id,
        area_type,
        scope,
        case when scope = 'total' then subject end as subject,
        reference_source_id,
        is_settled,
        file_sha256,
        published_at,
        landed_at,
        max(abs(moved_by_chance)) as largest_move
    from {{ ref('moves') }}
    where is_learned
    group by
        source_id,
        metric_id,
        area_type,
        scope,
        case when scope = 'total' then subject end,
        reference_source_id,
        is_settled,
        file_sha256,
        published_at,
        landed_at
),

usual as (
    select
        *,
        {{ middle('largest_move') }} over files_before as usual_move,
        count(*) over files_before as files_before
    from largest
    window
        files_before as (
            partition by
                source_id, metric_id, area_type, scope, subject, reference_source_id, is_settled
            order by published_at, landed_at
            rows between unbounded preceding and 1 preceding
        )
)

select * from usual
