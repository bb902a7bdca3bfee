-- The figures that are not public, as people outside their areas see them now.
select
    figures.* replace (
        versions.value as value,
        versions.lower as lower,
        versions.upper as upper,
        versions.missing_reason as missing_reason,
        versions.status as status,
        versions.explained_by as explained_by,
        versions.gap as gap,
        versions.first_value as first_value,
        versions.revisions as revisions,
        versions.disagreed_from as disagreed_from,
        versions.awaits_decision as awaits_decision,
        versions.published_at as published_at,
        versions.landed_at as landed_at,
        versions.file_sha256 as file_sha256,
        versions.file_row as file_row,
        versions.known_from as known_from,
        versions.expected_low as expected_low,
        versions.expected_high as expected_high,
        versions.expected_low_80 as expected_low_80,
        versions.expected_high_80 as expected_high_80
    )
from warehouse.main.figures as figures
inner join controlled_figure_versions as versions
    on figures.figure_id = versions.figure_id and versions.known_to is null
