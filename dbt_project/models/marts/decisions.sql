-- What people decided: which source a disputed cell follows (`cell`), which held file goes (`let_go`).

with decisions as (
    select * from {{ source('intake', 'decisions') }}
)

select * from decisions
order by decided_at, decision_id
