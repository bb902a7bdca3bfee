"""Each example runs as Jupyter runs it, on the package of a release as the page hands it out."""

import math
import re
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

import nbformat
import polars as pl
import pytest
from nbclient import NotebookClient

from store.exporting.wanted import Wanted
from store.exporting.writing import Progress, write
from store.paths import Home
from store.reader import open_reader
from tests.dashboard import small_england

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
BOOKS = sorted(EXAMPLES.glob("*.ipynb"))
MOST_LINES = 60
ALL_DEATHS, ENGLAND_AND_WALES = "deaths_all_causes_by_registration_week", "K04000001"
CASES = "cases_by_specimen_date"
# Those of Leicester's kind that have people and cases; the others are regions and wholes.
OTHER_AUTHORITIES = 4
TAKEN_BACK, WITHDRAWN_AT = date(2020, 7, 10), datetime(2020, 8, 5, 16, 10)
FIRST_FRIDAY, MARCH = date(2015, 1, 2), date(2020, 3, 14)
# What the invented weeks hold above what is usual, in each week from March on.
EXCESS = 3000


def usual(friday: date) -> float:
    """Deaths of a week: a trend and one yearly wave, and now and then a few more or less."""
    years = (friday - FIRST_FRIDAY).days / 365.25
    return round(10_000 + 60 * years + 1500 * math.cos(2 * math.pi * years)) + friday.day % 5 * 20


def weeks() -> pl.DataFrame:
    fridays = [FIRST_FRIDAY + timedelta(days=7 * week) for week in range(292)]
    values = [usual(day) + (EXCESS if day >= MARCH else 0) for day in fridays]
    return pl.DataFrame({"event_date": fridays, "value": values}, schema_overrides={"value": float})


def taken_back(found: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """With England's cases of one day withdrawn on the day of the last publication."""
    versions = found["figure_versions"]
    is_last = (pl.col("event_date") == TAKEN_BACK) & pl.col("known_to").is_null()
    is_last &= (pl.col("metric_id") == CASES) & (pl.col("area_id") == small_england.ENGLAND)
    withdrawn = versions.filter(is_last).with_columns(
        value=pl.lit(None, float),
        missing_reason=pl.lit("withdrawn"),
        known_from=pl.lit(WITHDRAWN_AT),
        version=pl.col("version") + 1,
    )
    known_to = pl.when(is_last).then(WITHDRAWN_AT).otherwise("known_to")
    kept = versions.with_columns(known_to=known_to)
    return found | {"figure_versions": pl.concat([kept, withdrawn])}


def tables() -> dict[str, pl.DataFrame]:
    """The small England with five years of deaths in England and Wales, and a day taken back."""
    found = taken_back(small_england.tables())
    weekly = pl.col("metric_id") == "deaths_certificate_by_registration_week"
    like = found["figures"].filter(weekly).head(1).drop("event_date", "value")
    named = pl.format(f"{ALL_DEATHS}.{ENGLAND_AND_WALES}.all.{{}}", "event_date")
    deaths = like.join(weeks(), how="cross").with_columns(
        metric_id=pl.lit(ALL_DEATHS), area_id=pl.lit(ENGLAND_AND_WALES), figure_id=named
    )
    metric = found["metrics"].filter(weekly).with_columns(metric_id=pl.lit(ALL_DEATHS))
    return found | {
        "figures": pl.concat([found["figures"], deaths.select(found["figures"].columns)]),
        "metrics": pl.concat([found["metrics"], metric]),
    }


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """The tables of a release as somebody unpacked them."""
    place = tmp_path_factory.mktemp("examples")
    release = small_england.release_of(place / "home", tables())
    with open_reader(Home(place / "home")) as reader:
        wanted = Wanted("release", "parquet", release.release_id)
        done = write(wanted, reader, place, Progress(lambda _: None))
    with zipfile.ZipFile(place / done.name) as opened:
        opened.extractall(place / "package")
    return place / "package"


def code(book: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(book, 4).cells if cell.cell_type == "code"]


@pytest.fixture
def run(package, monkeypatch):
    def ran(name: str) -> tuple[str, list[dict]]:
        monkeypatch.setenv("TRIGPOINT_TABLES", str(package))
        book = nbformat.read(EXAMPLES / f"{name}.ipynb", 4)
        NotebookClient(book, timeout=120, resources={"metadata": {"path": str(package)}}).execute()
        outputs = [one for cell in book.cells for one in cell.get("outputs", [])]
        lines = outputs[-1]["data"]["application/vnd.plotly.v1+json"]["data"]
        told = "".join(one["text"] for one in outputs if one["output_type"] == "stream")
        return told, lines

    return ran


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.stem)
def test_an_example_is_short_and_lies_here_without_what_it_gave(book):
    lines = [line for cell in code(book) for line in cell.splitlines() if line.strip()]
    assert len(lines) < MOST_LINES
    cells = nbformat.read(book, 4).cells
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in cells)


def test_the_excess_that_was_put_in_is_found(run):
    said, _ = run("excess_deaths")
    found = re.search(r"(\d+) weeks, excess ([\d,]+) deaths, ([\d,]+) to ([\d,]+)", said)
    count, *numbers = (int(text.replace(",", "")) for text in found.groups())
    excess, low, high = numbers
    assert count == sum(day >= MARCH for day in weeks()["event_date"])
    assert abs(excess - count * EXCESS) < 0.02 * count * EXCESS
    assert low < count * EXCESS < high


def test_a_triangle_is_made_of_what_each_publication_said(run):
    said, lines = run("revision_triangles")
    age, share = map(int, re.search(r"of (\d+) days ago is usually (\d+)% complete", said).groups())
    last = small_england.PUBLISHED[-1].date()
    told = small_england._seen(last - timedelta(days=age), last)
    assert abs(share / 100 - told) < 0.02 and told < 0.9
    known = [TAKEN_BACK.isoformat() in str(line["x"]) for line in lines]
    assert (len(known), known[-1]) == (len(small_england.PUBLISHED), False) and any(known)


def test_a_mixture_is_made_of_the_other_areas_of_the_same_kind(run):
    said, _ = run("synthetic_control")
    assert re.search(rf"\b{OTHER_AUTHORITIES} other areas, \d+ days before and \d+ after", said)
    assert re.search(r"[+-]\d+\.\d cases a day for each 100,000; rank \d+ of \d+", said)
