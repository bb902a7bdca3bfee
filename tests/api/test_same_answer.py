"""One question, every way out: each gives the same number, or none, at one scope and one moment."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import polars as pl
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.reader import open_reader
from store.viewer import Viewer
from tests.api.conftest import Ask, asking, token_of
from tests.dashboard import taken_away
from tests.dashboard.asked_in_sql import parts, query_id, ran, rows_in
from tests.dashboard.on_paper import words_of
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import ENGLAND, LEICESTER
from tests.dashboard.test_security import CALLBACKS, located
from tests.dashboard.test_security import asking as opening
from tests.mailing.guarded_england import GUARDED, LONDON

PERSONAS = ("national_leader", "regional_lead", "local_official", "operations", "analyst")
MEASURES = (GUARDED, "cases_by_specimen_date", "deaths_28d_by_death_date")
FIRST, DAYS = date(2020, 6, 26), 40
MOMENTS = (None, *(f"2020-{day}" for day in ("07-20", "07-22", "07-26", "07-30", "08-05", "08-06")))
SQL = "select figure_id, value from figures where figure_id = $figure"


@dataclass
class Asker:
    """A persona at a browser and with a program."""

    client: FlaskClient
    ask: Ask


@dataclass(frozen=True)
class Cell:
    """What is asked for; `as_of` is a day, or empty for now."""

    measure: str
    area: str
    day: date
    as_of: str | None

    @property
    def figure(self) -> str:
        return f"{self.measure}.{self.area}.all.{self.day}"

    @property
    def moment(self) -> dict[str, str]:
        return {"as_of": self.as_of} if self.as_of else {}

    def query(self, measure: str = "measure", **more: str) -> str:
        """As part of an address: measure, area, the one day, the moment."""
        dates = {"from": self.day.isoformat(), "to": self.day.isoformat()}
        return urlencode({measure: self.measure, "area": self.area, **dates, **self.moment, **more})


Told = float | None
Way = Callable[[Asker, Cell], Told]


def number(text: str | float | None) -> Told:
    """What a text says if it is a number; hidden, withdrawn and unknown are none."""
    if isinstance(text, str):
        plain = text.replace(",", "")
        return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None
    return text


def headed(answer: Any) -> Told:
    """The number by which a page or a drawer is headed."""
    found = re.search(r'\{"children": "([^"]*)", "className": "value"\}', json.dumps(answer.json))
    return number(found.group(1)) if found else None


def on_page(asker: Asker, cell: Cell) -> Told:
    search = f"?{urlencode(cell.moment)}" if cell.as_of else ""
    return headed(asker.client.post(CALLBACKS, json=located(f"/figure/{cell.figure}", search)))


def in_drawer(asker: Asker, cell: Cell) -> Told:
    sent = {"figure": cell.figure} | cell.moment
    return headed(asker.client.post(CALLBACKS, json=opening(sent)))


def on_paper(asker: Asker, cell: Cell) -> Told:
    answer = asker.client.get(f"/files/today.pdf?{cell.query()}")
    if answer.status_code == 404:
        return None
    found = re.search(r"Date \d+ \w+\s+\w+ a day (\S+)", words_of(answer.data))
    return number(found.group(1)) if found else None


def in_csv(asker: Asker, cell: Cell) -> Told:
    answer = asker.client.get(f"/files/trend.csv?{cell.query()}")
    if answer.status_code == 404:
        return None
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    return only(number(row["value"]) for row in rows if row["date"] == str(cell.day))


def in_sql(asker: Asker, cell: Cell) -> Told:
    told = ran(asker.client, SQL, parameters={"figure": cell.figure}, **cell.moment)
    results = told["results"]
    return (
        only(number(row["value"]) for row in rows_in(results)) if parts(results, "AgGrid") else None
    )


def in_query_file(asker: Asker, cell: Cell) -> Told:
    told = ran(asker.client, SQL, parameters={"figure": cell.figure}, **cell.moment)
    kept = urlencode({"query": query_id(told["results"]), **cell.moment})
    answer = asker.client.get(f"/files/query.parquet?{kept}")
    assert answer.status_code == 200, answer.text
    return only(pl.read_parquet(io.BytesIO(answer.data))["value"])


def by_program(asker: Asker, cell: Cell) -> Told:
    answer = asker.ask(f"/figures/{cell.figure}?{urlencode(cell.moment)}")
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200, answer.text
    return number(answer.json["figure"]["value"])


def rows_by_program(form: str, read: Callable[[bytes], pl.DataFrame]) -> Way:
    def take(asker: Asker, cell: Cell) -> Told:
        answer = asker.ask(f"/figures?{cell.query('metric', format=form)}")
        assert answer.status_code == 200, answer.text
        return only(read(answer.data)["value"])

    return take


def in_sql_by_program(asker: Asker, cell: Cell) -> Told:
    body = {"sql": SQL, "parameters": {"figure": cell.figure}} | cell.moment
    answer = asker.ask("/sql", "POST", json=body)
    assert answer.status_code == 200, answer.text
    return only(row["value"] for row in answer.json["rows"])


def taken_as(form: str, read: Callable[[bytes], pl.DataFrame]) -> Way:
    def take(asker: Asker, cell: Cell) -> Told:
        dates = {"from": str(cell.day), "to": str(cell.day)}
        asked = {"what": "figures", "measure": cell.measure, "area": cell.area, "form": form}
        return only(read(taken_away.taken(asker.client, **asked, **dates, **cell.moment))["value"])

    return take


def only(values: Any) -> Told:
    """The one value of an answer; none where it has no row."""
    found = list(values)
    assert len(found) <= 1
    return number(found[0]) if found else None


def read_csv(data: bytes) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(data), infer_schema=False)


def read_parquet(data: bytes) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(data))


def read_json(data: bytes) -> pl.DataFrame:
    return pl.DataFrame(json.loads(data)["rows"], schema={"value": pl.Float64})


def read_arrow(data: bytes) -> pl.DataFrame:
    return pl.read_ipc_stream(io.BytesIO(data))


WAYS: dict[str, Way] = {
    "drawer": in_drawer,
    "paper": on_paper,
    "CSV": in_csv,
    "SQL": in_sql,
    "Parquet of a query": in_query_file,
    "program": by_program,
    "rows": rows_by_program("json", read_json),
    "rows as CSV": rows_by_program("csv", read_csv),
    "rows as Arrow": rows_by_program("arrow", read_arrow),
    "rows as Parquet": rows_by_program("parquet", read_parquet),
    "SQL by program": in_sql_by_program,
}
# A process writes each of these.
SLOW: dict[str, Way] = {
    "export as CSV": taken_as("csv", read_csv),
    "export as Parquet": taken_as("parquet", read_parquet),
}


@pytest.fixture(scope="module")
def askers(guarded) -> dict[str, Asker]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIGPOINT_HOME", str(guarded.root))
        patch.setenv("TRIGPOINT_SIGN_IN", "demonstration")
        return {
            one: Asker(signed_in(one), asking(token_of(guarded, one, ("read", "sql"))))
            for one in PERSONAS
        }


@pytest.fixture(scope="module")
def areas(guarded) -> list[str]:
    with open_reader(guarded) as reader:
        return reader.ask("select distinct area_id from figures order by all")["area_id"].to_list()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """The tests take more files in a minute than people may."""
    monkeypatch.setenv("TRIGPOINT_EXPORTS_A_MINUTE", "10000")


def told(asker: Asker, cell: Cell, ways: dict[str, Way]) -> dict[str, Told]:
    return {"page": on_page(asker, cell)} | {name: way(asker, cell) for name, way in ways.items()}


@pytest.mark.parametrize("persona", ["analyst", "regional_lead"])
def test_a_number_leaves_by_every_way_as_their_scope_shows_it(guarded, askers, persona):
    """Or the property below could hold of nothing but missing numbers."""
    scope = {"analyst": ENGLAND, "regional_lead": LONDON}[persona]
    asked = (
        "select event_date, value from figures where metric_id = $metric and area_id = $area "
        "and value is not null order by event_date"
    )
    with open_reader(guarded, Viewer(scope=scope)) as reader:
        day, value = reader.ask(asked, metric=GUARDED, area=LEICESTER).row(0)
    found = told(askers[persona], Cell(GUARDED, LEICESTER, day, None), WAYS | SLOW)
    assert found == dict.fromkeys(found, value)


def holds(askers, areas, data, ways):
    draw = data.draw
    cell = Cell(
        draw(st.sampled_from(MEASURES)),
        draw(st.sampled_from(areas)),
        draw(st.integers(-1, DAYS).map(lambda days: FIRST + timedelta(days=days))),
        draw(st.sampled_from(MOMENTS)),
    )
    found = told(askers[draw(st.sampled_from(PERSONAS))], cell, ways)
    assert found == dict.fromkeys(found, found["page"]), cell


USUAL = {"deadline": None, "suppress_health_check": [*HealthCheck], "database": None}


@settings(max_examples=5, derandomize=True, **USUAL)
@given(data=st.data())
def test_every_way_gives_the_same_answer(askers, areas, data):
    holds(askers, areas, data, WAYS)


@pytest.mark.long
@settings(max_examples=150, **USUAL)
@given(data=st.data())
def test_every_way_gives_the_same_answer_to_many_questions(askers, areas, data):
    holds(askers, areas, data, WAYS | SLOW)
