-- Files that are no yardstick for others: they lost rows, or their settled days contradict a month of
-- their own source and half of the others, or all the others alike. So a file that was held makes
-- neither the next bad one look right nor the next good one wrong.

with voices as (
    select
        moves.source_id,
        moves.metric_id,
        moves.stratum_id,
        moves.area_type,
        moves.file_sha256,
        moves.other_source_id = '' as is_own,
        moves.moved,
        moves.rows_kept < 1 - thresholds.floor / 4 as has_lost_rows,
        abs(moves.moved) > greatest(
            thresholds.floor, 3 / sqrt(greatest(moves.expected_total, 1))
        ) as is_against
    from {{ ref('settled_moves') }} as moves
    cross join {{ ref('breaker_thresholds') }} as thresholds
    where thresholds.breaker_id = 'total_moved' and moves.moved is not null
),

together as (
    select
        source_id,
        metric_id,
        file_sha256,
        count(case when is_own and has_lost_rows then 1 end) as losses,
        count(case when is_own and is_against then 1 end) as own_against,
        count(case when not is_own then 1 end) as others,
        count(case when not is_own and is_against then 1 end) as others_against,
        max(case when not is_own then moved end) as most,
        min(case when not is_own then moved end) as least
    from voices
    group by source_id, metric_id, file_sha256, stratum_id, area_type
),

suspects as (
    select distinct source_id, metric_id, file_sha256
    from together
    where
        losses > 0
        or (own_against > 0 and 2 * others_against >= others)
        or (others > 1 and others_against = others and most * least > 0)
)

select * from suspects
