-- The figures as they stood: the interval that holds at the moment, under the rules agreed by then.
-- A day was provisional, and its final value expected in the range that was learned by then, while its
-- source had not spoken of the area again after the day's growth was over.
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
    versions.explained_by,
    versions.sources_reporting,
    versions.gap,
    versions.first_value,
    versions.revisions,
    versions.missing_reason,
    versions.is_corrected,
    versions.awaits_decision,
    versions.disagreed_from,
    versions.published_at,
    versions.landed_at,
    versions.file_sha256,
    versions.file_row,
    versions.known_from,
    versions.settled_at is null or versions.settled_at > as_of as is_provisional,
    -- No outer join: of one to a table without rows the engine thinks that it has none, and drops a limit.
    not exists (
        select 1
        from {{ catalog }}.main.unlisted_areas as unlisted
        where
            versions.source_id = unlisted.source_id
            and versions.metric_id = unlisted.metric_id
            and versions.area_id = unlisted.area_id
            and unlisted.unlisted_from <= as_of
            and (unlisted.listed_from is null or unlisted.listed_from > as_of)
    ) as is_listed,
    case
        when versions.settled_at is null or versions.settled_at > as_of then versions.expected_low
    end as expected_low,
    case
        when versions.settled_at is null or versions.settled_at > as_of then versions.expected_high
    end as expected_high,
    case
        when versions.settled_at is null or versions.settled_at > as_of
            then versions.expected_low_80
    end as expected_low_80,
    case
        when versions.settled_at is null or versions.settled_at > as_of
            then versions.expected_high_80
    end as expected_high_80
from {{ catalog }}.main.figure_versions as versions
where
    versions.known_from <= as_of
    and (versions.known_to is null or versions.known_to > as_of)
