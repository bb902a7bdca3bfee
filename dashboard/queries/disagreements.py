"""Where sources give different values for one and the same definition."""

from datetime import date

import polars as pl

from store.reader import Reader


def disagreements(
    reader: Reader, area_id: str, since: date | None = None, limit: int = 6
) -> pl.DataFrame:
    """Figures of an area on which sources differ, unexplained ones first, then by relative gap.

    One row a figure and other source: `value` is used, `other_value` is not; `of_all` is how many
    figures there are in all. Read from claims, so it holds at a past moment too.
    """
    return reader.ask(
        """
        with apart as (
            select figures.*, count(*) over () as of_all
            from figures
            where
                figures.area_id = $area_id
                and figures.status in ('disputed', 'explained')
                and ($since is null or figures.event_date >= $since)
        ),

        worst as (
            select *
            from apart
            order by
                status = 'disputed' desc,
                gap / nullif(abs(value), 0) desc nulls last,
                event_date desc
            limit $rows
        ),

        said as (
            select figure_id, source_id, value as other_value
            from claims
            where
                area_id = $area_id
                and superseded_at is null
                and figure_id in (select figure_id from worst)
        )

        select
            worst.*,
            metrics.metric_name,
            metrics.decimals,
            metrics.grain,
            used.title as source_title,
            used.publisher as publisher,
            said.source_id as other_source_id,
            other.publisher as other_publisher,
            other.title as other_title,
            said.other_value,
            precedence.reason
        from worst
        inner join metrics using (metric_id)
        inner join said on worst.figure_id = said.figure_id and worst.source_id <> said.source_id
        left join sources as used on worst.source_id = used.source_id
        left join sources as other on said.source_id = other.source_id
        left join precedence on worst.rule_id = precedence.rule_id
        where said.other_value is distinct from worst.value
        order by
            worst.status = 'disputed' desc,
            worst.gap / nullif(abs(worst.value), 0) desc nulls last,
            worst.event_date desc,
            said.source_id
        """,
        area_id=area_id,
        since=since,
        rows=limit,
    )


def counts(reader: Reader, area_id: str) -> dict[str, int]:
    """How many figures of an area are `disputed`, and how many `explained`."""
    found = reader.ask(
        """
        select
            count(*) filter (where status = 'disputed') as disputed,
            count(*) filter (where status = 'explained') as explained
        from figures
        where area_id = $area_id
        """,
        area_id=area_id,
    )
    return found.row(0, named=True)
