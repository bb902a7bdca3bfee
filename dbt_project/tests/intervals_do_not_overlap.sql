-- Each cell has one decision at a time: an interval ends where the next begins.
select figure_id, known_from, known_to
from {{ ref('figure_versions') }}
where known_to <= known_from
