"""What changed in the figures of an area between two moments, and of which kind each change is."""

from datetime import datetime, timedelta

import polars as pl

from dashboard.queries.lists import among
from store.reader import Reader

A_DAY = timedelta(days=1)


def newest(reader: Reader) -> datetime | None:
    """When a figure changed last."""
    found = reader.ask("select max(changed_at) as newest from figure_changes").item()
    return found if isinstance(found, datetime) else None


def by_kind(
    reader: Reader, metric_ids: list[str], area_id: str, since: datetime, until: datetime
) -> pl.DataFrame:
    """The parts of what changed after `since` and by `until`, one row a measure and kind.

    `amount` is in the unit of the measure, over all its dates, and null where a part may not be
    told; `figures` is how many changed so, `of_measure` how many of the measure changed at all: one
    that changed in two ways is in both kinds. The amounts of a measure add up to its difference.
    """
    metrics, named = among("metric", metric_ids)
    return reader.ask(
        f"""
        with changed as (
            select metric_id, figure_id, kind, amount
            from figure_changes
            where
                metric_id in {metrics}
                and area_id = $area_id
                and stratum_id = 'all'
                and changed_at > $since
                and changed_at <= $until
        ),

        measures as (
            select metric_id, count(distinct figure_id) as of_measure
            from changed
            group by metric_id
        ),

        parts as (
            select
                metric_id,
                kind,
                count(distinct figure_id) as figures,
                -- Where a part is withheld, the others alone would pass for the whole.
                case when count(amount) = count(*) then sum(amount) end as amount
            from changed
            group by metric_id, kind
        )

        select
            parts.*,
            measures.of_measure,
            metrics.metric_name,
            metrics.decimals
        from parts
        inner join measures using (metric_id)
        inner join metrics using (metric_id)
        order by
            metrics.headline_rank nulls last,
            parts.metric_id,
            abs(parts.amount) desc nulls last,
            parts.kind
        """,
        area_id=area_id,
        since=since,
        until=until,
        **named,
    )
