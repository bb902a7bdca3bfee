-- What every source had said by then, and what it had taken back by then; what was held counts from
-- the moment at which a person let it go.
select
    claims.* replace (
        case when claims.superseded_at <= as_of then claims.superseded_at end as superseded_at
    )
from {{ catalog }}.main.claims as claims
where claims.counts_from <= as_of
