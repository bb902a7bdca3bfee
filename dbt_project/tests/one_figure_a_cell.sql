select figure_id, count(*) as figures
from {{ ref('figures') }}
group by figure_id
having count(*) > 1
