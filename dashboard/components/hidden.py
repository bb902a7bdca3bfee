"""What a release hides outside its areas and why, in numbers of figures."""

from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.bar import form, native
from dashboard.components.table import table
from dashboard.queries import hidden as queries
from dashboard.seen import Seen
from store.agreements import NOT_FOR_AUDIENCE, WITHHELD
from store.disclosure.rules import read_rules
from store.disclosure.summary import DAY, DERIVED, SMALL, left_out
from store.errors import DamagedRecord
from store.releases import Release

HEAD = ["Measure", "Stage", "Shown as", "Why", "Figures", "Fewest counts left"]
STAGES = {
    SMALL: "First: a small count",
    DERIVED: "Second: so that none can be derived",
    DAY: "Whole days",
}

# What a reader is told of a source in place of its values, as a sentence goes on.
KEPT_BACK = {
    WITHHELD: "withheld from everybody: no agreement holds for it",
    NOT_FOR_AUDIENCE: "withheld from the role in which you look: its agreement says so",
}

LEFT = (
    "\u201cFewest counts left\u201d is how many counts remain possible for the small count that is "
    "guarded worst, whoever looks and whatever they were ever shown. Which counts these are is not "
    "shown here: that would tell about single areas."
)


def hidden(seen: Seen | None) -> html.Section:
    """Of the release that is looked at; another kept one can be chosen."""
    return html.Section(
        [html.H2("What was hidden and why"), *(_release(seen) if seen else _nothing())],
        id="hidden",
    )


def _nothing() -> list[Any]:
    return [html.P("Nothing has been published in this store, so nothing is hidden.")]


def _release(seen: Seen) -> list[Any]:
    release = seen.reader.release
    return [_choice(release), *_withheld(seen), *_cells(seen, release)]


def _choice(release: Release) -> html.Form:
    options = [
        (one.release_id, f"{words.moment(one.released_at)} ({one.release_id})")
        for one in queries.kept()
    ]
    choice = native("select", "release", "Release", release.release_id, options=options)
    return form("/governance#hidden", "Release", choice)


def _cells(seen: Seen, release: Release) -> list[Any]:
    if release.guarded is None:
        return [html.P("This release was written before there was disclosure control.")]
    if not release.guarded:
        return [html.P("Everything in this release is public, so nothing in it is hidden.")]
    try:
        found = queries.hidden(seen.reader)
    except DamagedRecord as fault:
        return [html.P(words.sentence(str(fault)), className="wrong", role="alert")]
    return [html.P(told(found)), *_rules(release), *listed(found)]


def listed(found: pl.DataFrame) -> list[Any]:
    """What is hidden, as a table; nothing where none is, for the sentence above it says so."""
    if found.is_empty():
        return []
    rows = [_row(row) for row in found.to_dicts()]
    return [
        table("Figures that do not show their number", HEAD, rows, numeric=(4, 5)),
        html.P(LEFT, className="small"),
    ]


def told(found: pl.DataFrame) -> str:
    """How many figures do not show their number, and why, in a sentence."""
    if found.is_empty():
        return "Every figure of this release shows its number: none had to be hidden."
    figures = dict(found.group_by("stage").agg(pl.col("figures").sum()).iter_rows())
    small, derived, days = (figures.get(stage, 0) for stage in (SMALL, DERIVED, DAY))
    total = words.counted(small + derived + days, "figure does", "figures do")
    shown = f"{total} not show {'its' if small + derived + days == 1 else 'their'} number"
    return words.sentence(
        f"{shown} to people outside the area: {small:,} because the count is small, {derived:,} so "
        f"that a small one cannot be derived, {days:,} because their whole day is left out"
    )


def _rules(release: Release) -> list[html.P]:
    rules, told = read_rules(), []
    for name in sorted({*(release.guarded or {}).values()}):
        if name in rules:
            named = name.replace("_", " ")
            told.append(html.P([html.Strong(f"Rule {named}. "), rules[name].says]))
    return told


def _row(row: dict[str, Any]) -> list[Any]:
    left = row["fewest_counts_left"]
    return [
        row["metric_name"],
        STAGES[row["stage"]],
        row["shown"],
        words.sentence(row["why"]),
        f"{row['figures']:,}",
        "no limit" if left is None else f"{left:,}",
    ]


def _withheld(seen: Seen) -> list[html.P]:
    """Whole measures and sources that are not shown, each with its reason."""
    names, guarded = queries.names(seen.reader), seen.reader.release.guarded or {}
    told = [
        f"{names.get(metric, metric)} is hidden outside its area altogether: an agreement says so."
        for metric, rule in guarded.items()
        if rule == "hidden"
    ]
    told += [f"{sentence}." for sentence in left_out(seen.reader.release)]
    told += [
        f"Values of the source {source} are {KEPT_BACK[told_so]}."
        for source, told_so in sorted(seen.reader.withheld.release)
    ]
    return [html.P(sentence) for sentence in told]
