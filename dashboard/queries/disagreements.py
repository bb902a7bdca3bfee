"""Where sources give different values for one and the same definition."""

import polars as pl

from dashboard.queries.lists import among
from store.reader import Reader


def disagreements(reader: Reader, area_id: str, limit: int = 5) -> pl.DataFrame:
    """Measures of an area on which sources differ, each by the date on which they lie widest apart.

    One row a measure, kind of difference and other source, unexplained ones first: `value` is
    used, `other_value` is not; `dates` is on how many dates they differ, from `first_date` to
    `last_date`. Read from claims, so it holds at a past moment too.
    """
    return reader.ask(
        """
        with apart as (
            select
                figures.*,
                metrics.metric_name,
                metrics.decimals,
                metrics.grain,
                count(*) over alike as dates,
                min(figures.event_date) over alike as first_date,
                max(figures.event_date) over alike as last_date
            from figures
            inner join metrics using (metric_id)
            where
                figures.area_id = $area_id
                and figures.stratum_id = 'all'
                and figures.status in ('disputed', 'explained')
                and metrics.cumulative_of is null
            window alike as (partition by figures.metric_id, figures.status)
            qualify row_number() over (
                partition by figures.metric_id, figures.status
                order by figures.gap desc, figures.event_date desc
            ) = 1
        ),

        worst as (
            select *
            from apart
            order by status = 'disputed' desc, gap desc nulls last, metric_id
            limit $rows
        ),

        said as (
            select figure_id, source_id, value as other_value
            from claims
            where
                area_id = $area_id
                and superseded_at is null
                and value is not null
                and figure_id in (select figure_id from worst)
        )

        select
            worst.*,
            used.publisher,
            said.source_id as other_source_id,
            other.publisher as other_publisher,
            said.other_value,
            precedence.reason
        from worst
        inner join said on worst.figure_id = said.figure_id and worst.source_id <> said.source_id
        left join sources as used on worst.source_id = used.source_id
        left join sources as other on said.source_id = other.source_id
        left join precedence on worst.rule_id = precedence.rule_id
        where said.other_value <> worst.value
        order by
            worst.status = 'disputed' desc,
            worst.gap desc nulls last,
            worst.metric_id,
            said.source_id
        """,
        area_id=area_id,
        rows=limit,
    )


def counts(reader: Reader, area_id: str) -> dict[str, int]:
    """How many figures of an area are `disputed`, and how many `explained`; totals so far apart."""
    found = reader.ask(
        """
        select
            count(*) filter (where status = 'disputed') as disputed,
            count(*) filter (where status = 'explained') as explained
        from figures
        inner join metrics using (metric_id)
        where area_id = $area_id and stratum_id = 'all' and cumulative_of is null
        """,
        area_id=area_id,
    )
    return found.row(0, named=True)


def newest(reader: Reader, metric_ids: list[str], area_ids: list[str]) -> pl.DataFrame:
    """The newest settled figure of each measure and area, where its sources differ unexplained.

    One row a figure, with `value_before` the settled one before it.
    """
    metrics, named = among("metric", metric_ids)
    areas, placed = among("area", area_ids)
    return reader.ask(
        f"""
        with settled as (
            select
                *,
                lead(value) over newest_first as value_before,
                row_number() over newest_first as ago
            from figures
            where
                metric_id in {metrics}
                and area_id in {areas}
                and stratum_id = 'all'
                and value is not null
                and not is_provisional
            window newest_first as (partition by metric_id, area_id order by event_date desc)
        )

        select
            settled.figure_id,
            settled.metric_id,
            settled.area_id,
            settled.event_date,
            settled.value,
            settled.value_before,
            settled.gap,
            metrics.metric_name,
            metrics.decimals,
            metrics.grain,
            metrics.direction,
            areas.area_name
        from settled
        inner join metrics using (metric_id)
        inner join areas using (area_id)
        where settled.ago = 1 and settled.status = 'disputed'
        """,
        **named,
        **placed,
    )
