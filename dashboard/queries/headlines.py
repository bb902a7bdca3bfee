"""The few figures that come first: newest settled value, the one a week before, the run-up."""

import polars as pl

from dashboard.queries.lists import among
from store.passport import HIDDEN
from store.reader import Reader

MOST = 6


def headlines(reader: Reader, area_id: str, limit: int = MOST) -> pl.DataFrame:
    """One row a headline measure: the figure to show, `value_before` a week earlier, `filling`.

    The figure is the newest that is settled, or, where none is, the newest of all, or, where none
    of a measure's figures may be shown here, the newest of these, without a value. `filling` is the
    number of later dates that are still filling in.
    """
    ranked = reader.ask("select metric_id from metrics where headline_rank is not null")
    metrics, named = among("metric", ranked["metric_id"].to_list())
    reasons, said = among("reason", sorted(HIDDEN))
    return reader.ask(
        f"""
        with held as (
            select
                metric_id,
                event_date,
                value,
                is_provisional,
                max(event_date) filter (where not is_provisional and value is not null)
                    over (partition by metric_id) as settled_on,
                coalesce(
                    max(event_date) filter (where value is not null) over (partition by metric_id),
                    max(event_date) filter (where missing_reason in {reasons})
                        over (partition by metric_id)
                ) as latest_on
            from figures
            where metric_id in {metrics} and area_id = $area_id and stratum_id = 'all'
        ),

        shown as (
            select
                metric_id,
                coalesce(settled_on, latest_on) as event_date,
                max(value) filter (where event_date = coalesce(settled_on, latest_on) - 7)
                    as value_before,
                count(*) filter (
                    where is_provisional and event_date > coalesce(settled_on, latest_on)
                ) as filling
            from held
            where latest_on is not null
            group by metric_id, settled_on, latest_on
        )

        select
            figures.*,
            shown.value_before,
            shown.filling,
            metrics.metric_name,
            metrics.definition,
            metrics.unit,
            metrics.grain,
            metrics.cumulative_of,
            metrics.direction,
            metrics.decimals
        from figures
        inner join shown
            on figures.metric_id = shown.metric_id and figures.event_date = shown.event_date
        inner join metrics on figures.metric_id = metrics.metric_id
        where
            figures.metric_id in {metrics}
            and figures.area_id = $area_id
            and figures.stratum_id = 'all'
        order by metrics.headline_rank, metrics.metric_id
        limit $rows
        """,
        area_id=area_id,
        rows=limit,
        **named,
        **said,
    )


def runs(reader: Reader, area_ids: list[str], metric_ids: list[str], dates: int) -> pl.DataFrame:
    """The last settled values of measures in areas, oldest first, for small charts.

    Columns metric_id, area_id, event_date, value (null where there is none).
    """
    metrics, named = among("metric", metric_ids)
    areas, placed = among("area", area_ids)
    return reader.ask(
        f"""
        select metric_id, area_id, event_date, value
        from figures
        where
            metric_id in {metrics}
            and area_id in {areas}
            and stratum_id = 'all'
            and not is_provisional
        qualify row_number() over (
            partition by metric_id, area_id order by event_date desc
        ) <= $dates
        order by metric_id, area_id, event_date
        """,
        dates=dates,
        **named,
        **placed,
    )
