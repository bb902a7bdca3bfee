-- The figures as they stood: the interval that holds at the moment, under the rules agreed by then.
-- Whether a day was provisional depends on when its source had last spoken by that moment.
select
    versions.figure_id,
    versions.metric_id,
    versions.area_id,
    versions.stratum_id,
    versions.event_date,
    versions.value,
    versions.lower,
    versions.upper,
    versions.source_id,
    versions.rule_id,
    versions.status,
    versions.sources_reporting,
    versions.gap,
    versions.first_value,
    versions.revisions,
    versions.missing_reason,
    versions.is_corrected,
    versions.published_at,
    versions.landed_at,
    versions.file_sha256,
    versions.file_row,
    versions.known_from,
    coalesce(spoken.last_published_at, versions.known_from) < versions.provisional_until
        as is_provisional,
    cast(null as double) as expected_low,
    cast(null as double) as expected_high
from {{ catalog }}.main.figure_versions as versions
left join (
    select source_id, metric_id, max(published_at) as last_published_at
    from {{ catalog }}.main.publications
    where published_at <= as_of
    group by source_id, metric_id
) as spoken
    on versions.source_id = spoken.source_id and versions.metric_id = spoken.metric_id
where
    versions.known_from <= as_of
    and (versions.known_to is null or versions.known_to > as_of)
