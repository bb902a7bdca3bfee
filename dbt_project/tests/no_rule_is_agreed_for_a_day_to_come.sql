-- A rule that is to begin or end on a later day would decide today's figures under tomorrow's date: it
-- is added when its day has come.
select rule_id, metric_id, source_id, agreed_on, retired_on
from {{ ref('precedence') }}
where agreed_on > current_date or retired_on > current_date
