"""How full trusts are: the newest settled day of each, and for how many days it was so full."""

import polars as pl

from dashboard import words
from dashboard.limits import Limit
from dashboard.queries.arrivals import newest_publication
from dashboard.queries.reference import ENGLAND
from store.reader import Reader

# So far back are days in a row counted.
MOST = 60
# A newest settled day that is older than that beside the newest publication says nothing of today.
NEWEST_DAYS = 14
# Trusts of an NHS region are those of the region around any place in it.
TRUSTS = """
    around as (
        select $area_id as area_id
        union
        select region_id from areas where area_id = $area_id
    ),

    regions as (
        select area_id from around
        union
        select whole_id from area_parts where part_id in (select area_id from around)
    ),

    trusts as (
        select area_id, area_name
        from areas
        where
            area_type in ('trust', 'hospital', 'independent_provider')
            and ($area_id = $england or region_id in (select area_id from regions))
    )
"""


def trusts(reader: Reader, area_id: str) -> pl.DataFrame:
    """Trusts of England, or of the NHS region around a place: area_id, area_name."""
    return reader.ask(f"with {TRUSTS} from trusts", area_id=area_id, england=ENGLAND)


def pressure(reader: Reader, limit: Limit, area_id: str) -> pl.DataFrame:
    """One row a trust, the fullest first; of England all, else those of the NHS region around.

    Columns metric_id, area_id, area_name, event_date, figure_id, value and value_before (what is
    taken), open_figure_id, opened, share, days_above (in a row up to that day), metric_name,
    decimals, grain, direction. A trust of which either count is hidden or missing, or whose
    newest day lies more than `NEWEST_DAYS` before the newest publication, has no row.
    """
    return reader.ask(
        f"""
        with {TRUSTS},

        counted as (
            select
                area_id,
                event_date,
                max(figure_id) filter (where metric_id = $taken) as figure_id,
                max(value) filter (where metric_id = $taken) as value,
                max(figure_id) filter (where metric_id = $of) as open_figure_id,
                max(value) filter (where metric_id = $of) as opened
            from figures
            where
                metric_id in ($taken, $of)
                and stratum_id = 'all'
                and value is not null
                and not is_provisional
            group by area_id, event_date
        ),

        days as (
            select
                counted.*,
                counted.value / counted.opened as share,
                row_number() over newest_first as ago,
                max(counted.event_date) over (partition by counted.area_id) as newest
            from counted
            where counted.value is not null and counted.opened > 0
            window newest_first as (
                partition by counted.area_id order by counted.event_date desc
            )
            qualify ago <= $most
        ),

        in_a_row as (
            select
                area_id,
                max(value) filter (where ago = 2) as value_before,
                coalesce(
                    min(ago) filter (
                        where share <= $above or event_date <> newest - cast(ago - 1 as int)
                    ),
                    count(*) + 1
                ) - 1 as days_above
            from days
            group by area_id
        )

        select
            days.* exclude (ago, newest),
            in_a_row.value_before,
            in_a_row.days_above,
            trusts.area_name,
            metrics.metric_id,
            metrics.metric_name,
            metrics.decimals,
            metrics.grain,
            metrics.direction
        from days
        inner join in_a_row using (area_id)
        inner join trusts using (area_id)
        inner join metrics on metrics.metric_id = $taken
        where
            days.ago = 1
            and days.event_date >= cast($published as date) - cast($newest_days as int)
        order by days.share desc, trusts.area_name
        """,
        area_id=area_id,
        england=ENGLAND,
        taken=limit.metric_id,
        of=limit.of_metric_id,
        above=limit.above,
        most=MOST,
        newest_days=NEWEST_DAYS,
        published=newest_publication(reader),
    )


def days_in_words(days: int) -> str:
    """For how long; further back than `MOST` days nobody counted."""
    return f"{MOST} days or more" if days >= MOST else words.counted(days, "day", "days")
