"""What changed between two moments, split by kind; the parts add up to the difference."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from journal.audit import Question
from pipeline.asking import asking, given
from store.errors import WrongUse
from store.paths import Home
from store.reader import Reader, open_reader
from store.viewer import EVERYONE, Viewer
from store.withheld import in_words

WHOLE_COUNTRIES = ("country", "country_group", "nation")


@dataclass(frozen=True)
class Difference:
    """`parts` has metric_id, area_id, area_name, kind, figures (changed), amount, event_date.

    Days are added up where they add up; of any other metric `parts` speak of one day, `event_date`:
    the newest of which something was known at both moments.
    `elsewhere` is the number of figures that changed in areas that `parts` leaves out. `withheld`
    are the words for an amount that is not told.
    """

    since: datetime
    until: datetime
    parts: pl.DataFrame
    elsewhere: int
    withheld: str | None = None


def difference(
    home: Home,
    since: datetime,
    until: datetime,
    metric: str | None,
    area: str | None,
    stratum: str = "all",
    viewer: Viewer = EVERYONE,
) -> Difference:
    """Compare what was known at two moments of one stratum; without an area, for whole countries.

    Raises `WrongUse` for moments in the wrong order, and for a metric, area or stratum not known.
    """
    if since >= until:
        raise WrongUse(f"{since} is not before {until}; give the earlier moment first")
    spoken_of = [area] if area else [], [metric] if metric else []
    asked = Question("diff", f"{since} to {until}", *spoken_of)
    with asking(home, asked, viewer) as audited, open_reader(home, viewer) as reader:
        _require_known(reader, "metrics", "metric_id", metric)
        _require_known(reader, "areas", "area_id", area)
        _require_known(reader, "strata", "stratum_id", stratum)
        changed = _changed(reader, since, until, metric, stratum)
        parts, elsewhere = _asked_for(changed, area)
        audited.given(given(parts, reader.release.release_id))
        words = in_words(reader.withheld.release | (reader.withheld.exact or frozenset()))
    return Difference(since, until, parts, elsewhere, words)


def _asked_for(changed: pl.DataFrame, area: str | None) -> tuple[pl.DataFrame, int]:
    """The parts in the area, else in whole countries; how many figures changed elsewhere."""
    is_asked = pl.col("area_id") == area if area else pl.col("area_type").is_in(WHOLE_COUNTRIES)
    elsewhere = 0 if area else changed.filter(~is_asked)["figures"].sum()
    return changed.filter(is_asked).drop("area_type"), int(elsewhere)


def _changed(
    reader: Reader, since: datetime, until: datetime, metric: str | None, stratum: str
) -> pl.DataFrame:
    return reader.ask(
        f"""
        with newest as (
            select figures.metric_id, figures.area_id, max(figures.event_date) as event_date
            from figures_as_known(timestamp '{since}') as figures
            inner join metrics using (metric_id)
            where
                not metrics.is_additive_over_time
                and figures.stratum_id = $stratum
                and figures.value is not null
            group by figures.metric_id, figures.area_id
        )

        select
            figure_changes.metric_id,
            figure_changes.area_id,
            areas.area_name,
            areas.area_type,
            figure_changes.kind,
            count(distinct figure_changes.figure_id) as figures,
            -- Where a part is withheld, the others alone would pass for the whole.
            case when count(figure_changes.amount) = count(*) then sum(figure_changes.amount) end
                as amount,
            newest.event_date
        from figure_changes
        inner join areas using (area_id)
        inner join metrics using (metric_id)
        left join newest using (metric_id, area_id)
        where
            figure_changes.stratum_id = $stratum
            and (
                metrics.is_additive_over_time
                or figure_changes.event_date = newest.event_date
            )
            and figure_changes.changed_at > $since
            and figure_changes.changed_at <= $until
            -- A total so far says again what its days say, so it has to be asked for.
            and coalesce($metric = figure_changes.metric_id, metrics.cumulative_of is null)
        group by all
        order by metric_id, area_id, kind
        """,
        since=since,
        until=until,
        metric=metric,
        stratum=stratum,
    )


def _require_known(reader: Reader, table: str, column: str, wanted: str | None) -> None:
    if wanted is None:
        return
    if reader.ask(f"select 1 from {table} where {column} = $wanted", wanted=wanted).is_empty():
        raise WrongUse(f'{wanted} is not known; `trigpoint sql "select * from {table}"` lists all')
