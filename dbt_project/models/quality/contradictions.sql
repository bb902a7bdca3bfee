-- Which reference contradicts what a file says: it lies further off than the floor, and than so many
-- times the largest step that is usual between the two.

with judged as (
    select
        moves.source_id,
        moves.metric_id,
        moves.file_sha256,
        moves.published_at,
        moves.landed_at,
        moves.stratum_id,
        moves.area_type,
        moves.scope,
        moves.subject,
        moves.is_own,
        moves.is_settled,
        moves.total,
        moves.reference_total,
        moves.people,
        moves.moved,
        case
            when moves.is_learned and usual.files_before >= 14
                then thresholds.factor * usual.usual_move / sqrt(moves.people)
            else greatest(0.3, 6 / sqrt(moves.people))
        end as allowed,
        thresholds.floor
    from {{ ref('moves') }} as moves
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = {{ moved_breaker('moves.scope') }}
    left join {{ ref('usual_moves') }} as usual
        on
            moves.source_id = usual.source_id
            and moves.metric_id = usual.metric_id
            and moves.area_type = usual.area_type
            and moves.scope = usual.scope
            and (usual.subject is null or moves.subject = usual.subject)
            and moves.reference_source_id = usual.reference_source_id
            and moves.is_settled = usual.is_settled
            and moves.file_sha256 = usual.file_sha256
    where (moves.is_learned and usual.files_before >= 14) or (moves.is_own and moves.is_settled)
)

select
    *,
    abs(moved) > greatest(floor, allowed) as is_against
from judged
