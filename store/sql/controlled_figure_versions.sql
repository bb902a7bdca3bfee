-- The versions of figures that are not public, as people outside their areas were ever shown them:
-- `shown_versions` says what stood in each and since when. What compares or follows from exact values
-- is empty, and so is the file: which file moved a count that is hidden would tell which counts moved
-- together.
with shown as (
    select
        shown_versions.*,
        row_number() over one_figure as version,
        lead(shown_versions.shown_from) over one_figure as known_to
    from shown_versions
    window one_figure as (partition by shown_versions.figure_id order by shown_versions.place)
)

select
    versions.* replace (
        shown.value as value,
        shown.lower as lower,
        shown.upper as upper,
        shown.missing_reason as missing_reason,
        case
            when shown.value is null then null
            when versions.sources_reporting > 1 then 'withheld'
            else versions.status
        end as status,
        cast(null as varchar) as explained_by,
        cast(null as double) as gap,
        cast(null as double) as first_value,
        cast(null as bigint) as revisions,
        cast(null as timestamp) as disagreed_from,
        false as awaits_decision,
        shown.shown_from as published_at,
        cast(null as timestamp) as landed_at,
        cast(null as varchar) as file_sha256,
        cast(null as bigint) as file_row,
        shown.version as version,
        shown.shown_from as known_from,
        shown.known_to as known_to,
        cast(null as double) as expected_low,
        cast(null as double) as expected_high,
        cast(null as double) as expected_low_80,
        cast(null as double) as expected_high_80
    )
from warehouse.main.figure_versions as versions
inner join shown
    on versions.figure_id = shown.figure_id and versions.known_from = shown.known_from
-- What was shown and replaced within one moment was never what was known.
where shown.known_to is null or shown.known_to > shown.shown_from
