-- For each version of a figure that is not public one claim, of the source that was followed, with
-- what is shown. What a source said that was not followed stays away: it would tell too much.
with series as (
    select
        claims.figure_id,
        claims.source_id,
        max(claims.series_id) as series_id
    from warehouse.main.claims as claims
    group by claims.figure_id, claims.source_id
)

select
    versions.source_id || '.' || versions.figure_id || '.' || versions.version as claim_id,
    versions.figure_id,
    versions.metric_id,
    versions.area_id,
    versions.stratum_id,
    versions.event_date,
    versions.source_id,
    series.series_id,
    versions.value,
    versions.lower,
    versions.upper,
    versions.missing_reason,
    versions.published_at,
    versions.landed_at,
    versions.known_from as counts_from,
    versions.file_sha256,
    versions.file_row,
    cast(null as varchar) as sheet_name,
    lead(versions.known_from) over (
        partition by versions.figure_id, versions.source_id order by versions.version
    ) as superseded_at
from controlled_figure_versions as versions
left join series
    on versions.figure_id = series.figure_id and versions.source_id = series.source_id
