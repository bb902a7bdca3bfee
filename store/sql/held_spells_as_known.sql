-- When the newest files of sources had been held by then; what was held last had no end yet.
select
    spells.* replace (case when spells.held_to <= as_of then spells.held_to end as held_to)
from {{ catalog }}.main.held_spells as spells
where spells.held_from <= as_of
