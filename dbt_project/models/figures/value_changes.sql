-- Each decision that gave a cell another value than it had, or its first; with no value counted as
-- nothing, so that changes add up to the difference between any two moments.

with in_order as (
    select
        *,
        lag(value) over one_cell as value_before,
        lag(source_id) over one_cell as source_id_before,
        lag(known_from) over one_cell as known_from_before
    from {{ ref('figure_versions') }}
    window
        one_cell as (partition by figure_id order by version)
),

changed as (
    select
        *,
        coalesce(value, 0) - coalesce(value_before, 0) as difference
    from in_order
    where value is distinct from value_before
)

select * from changed
