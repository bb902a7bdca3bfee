-- A claim without a rule fails the build by name; it is never dropped by a join.
select * from {{ ref('unruled_claims') }}
