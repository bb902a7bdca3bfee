-- Two policy rows of one series must not hold on the same day of publication.
select
    earlier.source_id,
    earlier.series_id,
    earlier.metric_id as earlier_metric_id,
    later.metric_id as later_metric_id
from {{ ref('series') }} as earlier
inner join {{ ref('series') }} as later
    on
        earlier.source_id = later.source_id
        and earlier.series_id = later.series_id
        and coalesce(earlier.published_from, date '1900-01-01')
        < coalesce(later.published_from, date '1900-01-01')
        and coalesce(earlier.published_until, date '9999-01-01')
        > coalesce(later.published_from, date '1900-01-01')
