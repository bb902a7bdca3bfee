-- Corrections that were accepted by then; one that ended later still held.

select
    corrections.* replace (
        case when corrections.ended_at <= as_of then corrections.ended_at end as ended_at,
        case when corrections.ended_at <= as_of then corrections.ended_because end as ended_because
    )
from {{ catalog }}.main.corrections as corrections
where corrections.accepted_at <= as_of
