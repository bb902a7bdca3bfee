-- Claims that no precedence row ranks: named here and by a failing test, never dropped by a join.

with unruled as (
    select metric_id, source_id, count(*) as claims, min(published_at) as first_published_at
    from {{ ref('candidates') }}
    where rank is null
    group by metric_id, source_id
)

select * from unruled
