-- The versions of figures that are not public, as people outside their areas were ever shown them.
-- What compares or follows from exact values is empty; `shown_versions` says what stands in each.
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
        cast(null as double) as gap,
        cast(null as double) as first_value,
        cast(null as bigint) as revisions,
        cast(null as timestamp) as disagreed_from,
        false as awaits_decision,
        row_number() over one_figure as version,
        lead(versions.known_from) over one_figure as known_to,
        cast(null as double) as expected_low,
        cast(null as double) as expected_high,
        cast(null as double) as expected_low_80,
        cast(null as double) as expected_high_80
    )
from warehouse.main.figure_versions as versions
inner join shown_versions as shown
    on versions.figure_id = shown.figure_id and versions.known_from = shown.known_from
window one_figure as (partition by versions.figure_id order by versions.known_from)
