-- Files that stand on another level than their source did before: nothing is learned from them.

with apart as (
    select distinct source_id, metric_id, file_sha256
    from {{ ref('file_levels') }}
    where abs(level) > ln(5)
)

select * from apart
