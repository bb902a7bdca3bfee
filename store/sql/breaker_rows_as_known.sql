-- What had tripped the breakers by then; what tripped them last had no end yet.
select
    seen.* replace (
        case when seen.known_to <= as_of then seen.known_to end as known_to
    )
from {{ catalog }}.main.breaker_rows as seen
where seen.known_from <= as_of
