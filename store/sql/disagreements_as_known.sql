-- Everybody who said something about one quantity, place and day by then, side by side.
with said as (
    select
        metrics.quantity_id,
        metrics.owner,
        claims.figure_id,
        claims.metric_id,
        claims.area_id,
        claims.stratum_id,
        claims.event_date,
        claims.source_id,
        claims.value,
        claims.published_at,
        claims.file_sha256,
        claims.file_row,
        count(*) over (
            partition by
                metrics.quantity_id,
                metrics.grain,
                metrics.cumulative_of is null,
                claims.area_id,
                claims.stratum_id,
                claims.event_date
        ) as voices
    from {{ catalog }}.main.claims as claims
    inner join {{ catalog }}.main.metrics as metrics on claims.metric_id = metrics.metric_id
    where
        claims.value is not null
        and claims.counts_from <= as_of
        and (claims.superseded_at is null or claims.superseded_at > as_of)
)

select
    said.quantity_id,
    said.figure_id,
    said.metric_id,
    said.area_id,
    said.stratum_id,
    said.event_date,
    said.source_id,
    said.value,
    figures.value as figure_value,
    said.value - figures.value as gap,
    (said.value - figures.value) / nullif(abs(figures.value), 0) as gap_relative,
    coalesce(
        said.source_id = figures.source_id
        and said.file_sha256 = figures.file_sha256
        and said.file_row = figures.file_row,
        false
    ) as is_used,
    case when figures.sources_reporting > 1 then 'same_definition' else 'related_definition' end
        as kind,
    figures.status,
    figures.explained_by,
    figures.rule_id,
    precedence.reason,
    said.owner,
    figures.disagreed_from,
    figures.awaits_decision,
    said.published_at
from said
inner join {{ catalog }}.main.figure_versions as figures
    on
        said.figure_id = figures.figure_id
        and figures.known_from <= as_of
        and (figures.known_to is null or figures.known_to > as_of)
left join {{ catalog }}.main.precedence as precedence
    on
        said.metric_id = precedence.metric_id
        and said.source_id = precedence.source_id
        and (precedence.agreed_on is null or precedence.agreed_on <= as_of)
        and (precedence.retired_on is null or precedence.retired_on > as_of)
where said.voices > 1
