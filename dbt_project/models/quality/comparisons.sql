-- Everything in a file that is set beside something else: days, settled and recent days together, and
-- the shares of areas.

with united as (
    select
        {{ compared_columns() }},
        'day' as scope,
        cast(event_date as string) as subject,
        is_settled,
        age_days,
        reference_age_days
    from {{ ref('compared_days') }}
    where age_days <= 28
    union all
    select
        {{ compared_columns() }},
        'day' as scope,
        cast(event_date as string) as subject,
        false as is_settled,
        age_days,
        reference_age_days
    from {{ ref('compared_newest_days') }}
    union all
    select
        {{ compared_columns() }},
        'total' as scope,
        subject,
        is_settled,
        age_days,
        reference_age_days
    from {{ ref('compared_totals') }}
    union all
    select
        {{ compared_columns() }},
        'area' as scope,
        area_id as subject,
        true as is_settled,
        cast(null as bigint) as age_days,
        cast(null as bigint) as reference_age_days
    from {{ ref('compared_areas') }}
)

select
    *,
    reference_source_id = source_id as is_own,
    greatest(total, reference_total, 1) as people,
    {{ log_ratio('total', 'reference_total') }} as log_ratio
from united
