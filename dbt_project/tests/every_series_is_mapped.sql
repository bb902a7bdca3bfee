-- A published series without a policy row would be left out in silence.
select * from {{ ref('unmapped_series') }}
