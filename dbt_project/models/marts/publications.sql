-- A full-history file that repeats a value says nothing new, yet it says that the value still stands.

with spoken as (
    select distinct source_id, metric_id, published_at from {{ ref('stated') }}
)

select * from spoken
order by source_id, metric_id, published_at
