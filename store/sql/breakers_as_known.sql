-- What the breakers said of what had been published and decided by then. That parts exceed their whole
-- is said of the newest file alone.
select
    breaker_id,
    severity,
    source_id,
    file_sha256,
    published_at,
    since,
    trips,
    is_let_go,
    is_open,
    sentence
from {{ catalog }}.main.breaker_versions
where
    known_from <= as_of
    and (known_to is null or known_to > as_of)
