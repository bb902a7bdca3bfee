-- Which release was current, as intervals: the one shown so far ends where the new one begins.
create table releases_shown as
select
    releases.release_id,
    releases.shown_from,
    coalesce(releases.shown_to, showing.shown_from) as shown_to
from before.main.releases_shown as releases
cross join showing
union all
select
    showing.release_id,
    showing.shown_from,
    cast(null as timestamp) as shown_to
from showing
order by shown_from
