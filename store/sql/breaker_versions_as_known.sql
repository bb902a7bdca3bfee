-- What the breakers had said by then; what they said last had no end yet.
select
    versions.* replace (
        case when versions.known_to <= as_of then versions.known_to end as known_to
    )
from {{ catalog }}.main.breaker_versions as versions
where versions.known_from <= as_of
