-- Areas that were no longer listed, as far as that was known by then.
select
    areas.* replace (case when areas.listed_from <= as_of then areas.listed_from end as listed_from)
from {{ catalog }}.main.unlisted_areas as areas
where areas.unlisted_from <= as_of
