"""Headline rows of an area: its last seven settled days beside neighbours, region and England."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.areas_table import RUN, sums
from dashboard.components.figure_button import figure_button
from dashboard.components.table import table
from dashboard.components.trend import adds_up
from dashboard.figures.svg import sparkline
from dashboard.queries import headlines, reference, weeks
from dashboard.queries.peers import peers
from dashboard.ranking import FEWEST, NEIGHBOURS, standing
from dashboard.seen import Seen

FIGURES = ["Measure", "Newest settled day", "7 days to then", "Difference from the 7 before"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Compared:
    """An area, region and England, and those of its kind that have figures, the nearest first.

    `found` is what `weeks.last_weeks` gives of them all, at the last settled date of the area;
    `peers` holds area_id, area_name and kilometres, the area itself first.
    """

    area: Row
    codes: list[str]
    found: pl.DataFrame
    peers: pl.DataFrame

    @property
    def neighbours(self) -> pl.DataFrame:
        """The nearest few, without the area itself."""
        return self.peers[1 : 1 + NEIGHBOURS]

    def of(self, metric_id: str) -> dict[str, Row]:
        """The rows of one measure by area."""
        rows = self.found.filter(pl.col("metric_id") == metric_id)
        return {row["area_id"]: row for row in rows.to_dicts()}


def compared(seen: Seen, area: Row, held: pl.DataFrame) -> Compared:
    """The measures by day that add up, of the area and everybody it is set beside."""
    codes, alike = reference.compared(area), peers(seen.reader, area["area_id"])
    daily = [metric["metric_id"] for metric in held.to_dicts() if adds_up(metric)]
    everybody = list(dict.fromkeys([*codes, *alike["area_id"]]))
    found = weeks.last_weeks(seen.reader, daily, everybody, codes[0])
    has_figures = pl.col("area_id").is_in(found["area_id"].to_list())
    return Compared(area, codes, found, alike.filter(has_figures))


def against(seen: Seen, beside: Compared, held: pl.DataFrame) -> html.Section | None:
    """One row a measure; rates only where the measure and the areas have a population."""
    mine = beside.found.filter(pl.col("area_id") == beside.codes[0])
    if mine.is_empty():
        return None
    has_rates = mine["rate"].null_count() < mine.height
    head = [*FIGURES, *(_rate_heads(seen, beside) if has_rates else []), f"Last {RUN} settled days"]
    runs = headlines.runs(seen.reader, beside.codes[:1], mine["metric_id"].to_list(), RUN)
    metrics = {metric["metric_id"]: metric for metric in held.to_dicts()}
    cells = []
    for metric_id in mine["metric_id"]:
        rates = _rates(beside, metric_id) if has_rates else []
        run = runs.filter(pl.col("metric_id") == metric_id)["value"].to_list()
        cells.append(_row(seen, beside, metrics[metric_id], rates, run))
    heading = "Here and elsewhere" if has_rates and len(beside.codes) > 1 else "The last seven days"
    caption, numbers = "Seven settled days, here and elsewhere", range(1, len(head) - 1)
    drawn = table(caption, head, cells, numeric=numbers, is_caption_shown=False)
    return html.Section(
        [html.H2(heading), drawn, *(_rules(seen, beside) if has_rates else [])],
        className="against",
    )


def _rate_heads(seen: Seen, beside: Compared) -> list[str]:
    """An area without a figure of these measures still has its name."""
    named = [reference.area(seen.reader, code) for code in beside.codes]
    names = [
        area["area_name"] if area else code for area, code in zip(named, beside.codes, strict=True)
    ]
    here, *others = [f"{name}, per 100,000" for name in names]
    if beside.neighbours.is_empty():
        return [here, *others]
    return [here, "Neighbours\u2019 median, per 100,000", *others, "Rank, 1 is the highest"]


def _rates(beside: Compared, metric_id: str) -> list[Any]:
    rows = beside.of(metric_id)
    rates = {code: row["rate"] for code, row in rows.items()}
    here, *others = [words.number(rates.get(code), 1) for code in beside.codes]
    if beside.neighbours.is_empty():
        return [here, *others]
    nearest, alike = (_ids(part) for part in (beside.neighbours, beside.peers))
    stands = standing(rates, beside.codes[0], nearest, alike)
    middle = [words.number(stands.middle, 1), _of(stands.beside, len(nearest))]
    return [here, middle, *others, _rank(stands.rank, stands.ranked)]


def _ids(areas: pl.DataFrame) -> list[str]:
    return areas["area_id"].to_list()


def _of(shown: int, asked: int) -> html.Div | None:
    """Of how many neighbours the median is, where some have no rate."""
    if shown == asked:
        return None
    return html.Div(f"{shown} of {asked} have a rate", className="small")


def _rank(rank: int | None, ranked: int) -> str:
    return "not ranked" if rank is None else f"{rank:,} of {ranked:,}"


def _row(
    seen: Seen, beside: Compared, metric: Row, rates: Sequence[Any], run: list[float | None]
) -> list[Any]:
    here = beside.of(metric["metric_id"])[beside.codes[0]] | {"decimals": metric["decimals"]}
    about = f"{metric['metric_name']}, {words.weekday(here['until'])}"
    total, _, difference = sums(here)
    line = sparkline(run, width=120, height=24)
    return [
        _named(metric, seen.link(seen.path, measure=metric["metric_id"])),
        [figure_button(here, about), html.Div(words.day(here["until"]), className="small")],
        total,
        difference,
        *rates,
        html.Img(src=line, alt="", className="sparkline"),
    ]


def _named(metric: Row, href: str) -> list[Any]:
    """A measure that leads to its trend, with its definition folded up so that rows stay level."""
    return [
        html.Div(html.A(metric["metric_name"], href=href), className="name"),
        html.Details([html.Summary("What it counts"), *definition(metric)], className="meaning"),
    ]


def definition(metric: Row) -> list[html.Div]:
    """What a measure counts, and what it does not."""
    return [
        html.Div(metric["definition"], className="definition"),
        html.Div(f"What it is not: {metric['not_counted']}", className="definition"),
    ]


def _rules(seen: Seen, beside: Compared) -> list[html.P]:
    """By which rules the numbers beside the area's own are made."""
    told: list[Any] = ["Rates are seven days per 100,000 residents."]
    nearest = beside.neighbours.to_dicts()
    if nearest:
        told += [f" Neighbours are the {len(nearest)} nearest areas of its kind by centroid: "]
        told += [part for row in nearest for part in _neighbour(seen, row)][:-1]
        told += [f". No median is told of fewer than {FEWEST} of them."]
    ranked = (
        "A rank is among the areas of its kind of which all seven days are shown to you. An area "
        "with a day that is hidden or missing is in no rank and in no median."
    )
    rules = [html.P(told, className="small")]
    return [*rules, html.P(ranked, className="small")] if nearest else rules


def _neighbour(seen: Seen, row: Row) -> list[Any]:
    link = html.A(row["area_name"], href=seen.area_link(row["area_id"]))
    return [link, f" ({words.number(row['kilometres'])} km)", ", "]
