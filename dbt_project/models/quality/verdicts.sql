-- What the reference files say together of each day and each area of a file. It is odd when most of
-- the source's own files contradict it and no other source bears it out; or when two or more other
-- sources contradict it alike.

with judged as (
    select
        moves.*,
        abs(moves.moved) > case
            when moves.is_learned and usual.files_before >= 10
                then greatest(
                    thresholds.floor, thresholds.factor * usual.usual_move / sqrt(greatest(moves.people, 1))
                )
            when moves.is_settled
                then greatest(
                    case when moves.is_own then 0.3 else 2 * thresholds.floor end,
                    2 * thresholds.factor * coalesce(usual.usual_move, 2) / sqrt(greatest(moves.people, 1))
                )
        end as is_contradicted
    from {{ ref('moves') }} as moves
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = case moves.scope when 'total' then 'total_moved' else moves.scope || 's_moved' end
    left join {{ ref('usual_moves') }} as usual
        on
            moves.source_id = usual.source_id
            and moves.metric_id = usual.metric_id
            and moves.area_type = usual.area_type
            and moves.scope = usual.scope
            and moves.reference_source_id = usual.reference_source_id
            and moves.is_settled = usual.is_settled
            and moves.file_sha256 = usual.file_sha256
),

voices as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        stratum_id,
        area_type,
        scope,
        subject,
        {{ middle('people') }} as people,
        {{ middle('moved') }} as moved,
        count(case when is_own then 1 end) as own,
        count(case when is_own and is_contradicted then 1 end) as own_against,
        count(case when not is_own then 1 end) as others,
        count(case when not is_own and is_contradicted then 1 end) as others_against,
        max(case when not is_own then moved end) - min(case when not is_own then moved end)
            as others_apart,
        abs(avg(case when not is_own then moved end)) as others_moved
    from judged
    where is_contradicted is not null
    group by
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        stratum_id,
        area_type,
        scope,
        subject
),

verdicts as (
    select
        voices.*,
        voices.people >= thresholds.least_count
        and (
            (2 * own_against > own and others_against = others)
            or (others > 1 and others_against = others and others_apart < others_moved / 2)
        ) as is_odd
    from voices
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = case voices.scope when 'total' then 'total_moved' else voices.scope || 's_moved' end
)

select * from verdicts
