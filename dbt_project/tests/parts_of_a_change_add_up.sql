-- The parts of a change always add up to the change.
select figure_id, version, max(difference) as difference, sum(amount) as parts
from {{ ref('figure_changes') }}
group by figure_id, version
having abs(max(difference) - sum(amount)) > 0.000001
