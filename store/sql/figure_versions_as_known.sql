-- The decisions that had been taken by then; the one that held had no end yet.
select
    versions.* replace (
        case when versions.known_to <= as_of then versions.known_to end as known_to,
        case when versions.settled_at <= as_of then versions.settled_at end as settled_at
    )
from {{ catalog }}.main.figure_versions as versions
where versions.known_from <= as_of
