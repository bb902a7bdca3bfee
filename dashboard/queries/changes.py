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
    told; `figures` is how many changed. The amounts of a measure add up to its difference.
    """
    metrics, named = among("metric", metric_ids)
    return reader.ask(
        f"""
        with parts as (
            select
                figure_changes.metric_id,
                metrics.metric_name,
                metrics.decimals,
                metrics.headline_rank,
                figure_changes.kind,
                count(distinct figure_changes.figure_id) as figures,
                -- Where a part is withheld, the others alone would pass for the whole.
                case
                    when count(figure_changes.amount) = count(*) then sum(figure_changes.amount)
                end as amount
            from figure_changes
            inner join metrics using (metric_id)
            where
                figure_changes.metric_id in {metrics}
                and figure_changes.area_id = $area_id
                and figure_changes.stratum_id = 'all'
                and figure_changes.changed_at > $since
                and figure_changes.changed_at <= $until
            group by all
        )

        select * from parts
        order by headline_rank nulls last, metric_id, abs(amount) desc nulls last, kind
        """,
        area_id=area_id,
        since=since,
        until=until,
        **named,
    )
