"""The few figures that come first: newest settled value, the one a week before, the run-up."""

import polars as pl

from store.reader import Reader


def headlines(reader: Reader, area_id: str, limit: int = 4) -> pl.DataFrame:
    """One row a headline measure: the figure to show, `value_before` a week earlier, `filling`.

    The figure is the newest that is settled, or, where none is, the newest of all; `filling` is
    the number of later dates that are still filling in.
    """
    return reader.ask(
        """
        with held as (
            select figures.*
            from figures
            inner join metrics using (metric_id)
            where
                figures.area_id = $area_id
                and figures.stratum_id = 'all'
                and metrics.headline_rank is not null
        ),

        newest as (
            select
                metric_id,
                coalesce(
                    max(event_date) filter (where not is_provisional and value is not null),
                    max(event_date) filter (where value is not null)
                ) as shown_on,
                max(event_date) filter (where value is not null) as latest_on
            from held
            group by metric_id
        )

        select
            held.*,
            before.value as value_before,
            newest.latest_on,
            (
                select count(*)
                from held as later
                where
                    later.metric_id = held.metric_id
                    and later.event_date > held.event_date
                    and later.is_provisional
            ) as filling,
            metrics.metric_name,
            metrics.definition,
            metrics.unit,
            metrics.grain,
            metrics.cumulative_of,
            metrics.direction,
            metrics.decimals
        from newest
        inner join held on newest.metric_id = held.metric_id and newest.shown_on = held.event_date
        left join held as before
            on newest.metric_id = before.metric_id and newest.shown_on - 7 = before.event_date
        inner join metrics on newest.metric_id = metrics.metric_id
        order by metrics.headline_rank, metrics.metric_id
        limit $rows
        """,
        area_id=area_id,
        rows=limit,
    )


def runs(reader: Reader, area_ids: list[str], metric_ids: list[str], dates: int) -> pl.DataFrame:
    """The last settled values of measures in areas, oldest first, for small charts.

    Columns metric_id, area_id, event_date, value (null where there is none).
    """
    return reader.ask(
        """
        select metric_id, area_id, event_date, value
        from figures
        where
            list_contains($metric_ids, metric_id)
            and list_contains($area_ids, area_id)
            and stratum_id = 'all'
            and not is_provisional
        qualify row_number() over (
            partition by metric_id, area_id order by event_date desc
        ) <= $dates
        order by metric_id, area_id, event_date
        """,
        metric_ids=metric_ids,
        area_ids=area_ids,
        dates=dates,
    )
