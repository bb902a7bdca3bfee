-- What each publisher promises, as the loaders declare it, and whether its agreement holds.

with declared as (
    select * from {{ source('intake', 'sources') }}
)

select * from declared
order by source_id
