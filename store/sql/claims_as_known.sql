-- What every source had said by then, and what it had taken back by then.
select
    claims.* replace (
        case when claims.superseded_at <= as_of then claims.superseded_at end as superseded_at
    )
from {{ catalog }}.main.claims as claims
where claims.published_at <= as_of
