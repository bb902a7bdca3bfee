-- From when until when the newest file of a source about a metric was held, however many files it was.
-- While it is, another source may stand in for it on days that still grow.

with held as (
    select
        source_id,
        metric_id,
        held_from,
        max(known_until) as held_until
    from {{ ref('file_spells') }}
    where is_held
    group by source_id, metric_id, held_from
),

spells as (
    select
        source_id,
        metric_id,
        held_from,
        case when held_until < timestamp '9999-12-31' then held_until end as held_to
    from held
)

select * from spells
order by source_id, metric_id, held_from
