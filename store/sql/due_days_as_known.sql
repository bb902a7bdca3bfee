-- The days on which something had been due by then, and what was known to be late.
select
    days.* replace (case when days.late_from <= as_of then days.late_from end as late_from)
from {{ catalog }}.main.due_days as days
where days.due_on <= as_of
