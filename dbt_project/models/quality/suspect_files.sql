-- Files that are no yardstick for others: they are dated oddly, say nothing new or lost rows; or their settled days contradict a month of
-- their own source and half of the others, or all the others alike; or a single day or area of theirs
-- is far from the month. So a file that was held makes neither the next bad one look right nor the
-- next good one wrong.

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

odd_parts as (
    select source_id, metric_id, file_sha256
    from {{ ref('settled_days') }}
    where
        statements_before >= 3
        and areas = usual_areas
        and abs({{ log_ratio('total', 'usual_total') }}) > greatest(
            0.25, 6 / sqrt(greatest(total, usual_total, 1))
        )
    union
    select source_id, metric_id, file_sha256
    from {{ ref('area_totals') }}
    where
        files_before >= 3
        and abs({{ log_ratio('total', 'usual_share * total_of_kind') }}) > greatest(
            0.5, 8 / sqrt(greatest(total, usual_share * total_of_kind, 1))
        )
),

borne_out as (
    -- A step of the whole that other sources make as well is no oddity of its parts.
    select distinct source_id, metric_id, file_sha256
    from together
    where own_against > 0 and 2 * others_against < others
),

suspects as (
    select odd_parts.*
    from odd_parts
    left join borne_out
        on
            odd_parts.source_id = borne_out.source_id
            and odd_parts.metric_id = borne_out.metric_id
            and odd_parts.file_sha256 = borne_out.file_sha256
    where borne_out.file_sha256 is null
    union
    select source_id, metric_id, file_sha256 from {{ ref('breaker_dated_oddly') }}
    union
    select source_id, metric_id, file_sha256 from {{ ref('breaker_nothing_new') }}
    union
    select source_id, metric_id, file_sha256
    from together
    where
        losses > 0
        or (own_against > 0 and 2 * others_against >= others)
        or (others > 1 and others_against = others and most * least > 0)
)

select * from suspects
