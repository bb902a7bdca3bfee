-- Whoever reads the ledger sees every disputed figure, totals so far among them.
select figures.figure_id
from {{ ref('figures') }} as figures
left join (select distinct figure_id from {{ ref('disagreements') }}) as ledger
    on figures.figure_id = ledger.figure_id
where figures.status = 'disputed' and ledger.figure_id is null
