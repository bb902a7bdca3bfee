"""Questions in SQL by program: the confined engine's answers, and its refusals with their line."""

import io
import re

import polars as pl
import pytest

from api.faults import NO_ENGINE
from dashboard import wanted
from store import releases
from store.errors import WrongUse
from store.sandbox import Busy, SandboxUnavailable, limits_of
from tests.dashboard.small_england import LEICESTER

CASES = "cases_by_specimen_date"
ONE = {
    "sql": "select value from figures where metric_id = $metric and area_id = $area "
    "and event_date = '2020-07-20'",
    "parameters": {"metric": CASES, "area": LEICESTER},
}


def test_an_answer_is_what_the_figures_say(ask, place):
    told = ask("/sql", "POST", json=ONE)
    assert told.status_code == 200, told.text
    series = f"/figures?metric={CASES}&area={LEICESTER}&from=2020-07-20&to=2020-07-20"
    (figure,) = ask(series).get_json()["rows"]
    body = told.get_json()
    assert body["rows"] == [{"value": figure["value"]}]
    assert body["release_id"] == releases.current(place).release_id
    assert (body["is_cut"], told.headers["X-Trigpoint-Cut"]) == (False, "false")
    assert told.headers["Cache-Control"] == "private, no-store"


def test_a_past_moment_is_obeyed(ask):
    then = ask("/sql", "POST", json=ONE | {"as_of": "2020-07-22"}).get_json()
    assert then["as_of"] == "2020-07-22"
    series = f"/figures?metric={CASES}&area={LEICESTER}&from=2020-07-20&to=2020-07-20"
    (figure,) = ask(f"{series}&as_of=2020-07-22").get_json()["rows"]
    assert then["rows"] == [{"value": figure["value"]}]


def test_an_answer_comes_in_other_forms(ask):
    parquet = ask("/sql?format=parquet", "POST", json=ONE)
    arrow = ask("/sql", "POST", json=ONE, headers={"Accept": "application/vnd.apache.arrow.stream"})
    assert pl.read_parquet(io.BytesIO(parquet.data)).equals(
        pl.read_ipc_stream(io.BytesIO(arrow.data))
    )
    assert parquet.headers["Content-Disposition"].endswith('.parquet"')


def test_what_is_more_than_the_role_may_have_is_cut_in_json_alone_which_says_so(ask):
    many = limits_of("analyst").rows + 5
    question = {"sql": f"select range from range({many})"}
    told = ask("/sql", "POST", json=question)
    assert told.headers["X-Trigpoint-Cut"] == "true"
    assert told.get_json()["is_cut"] is True
    assert len(told.get_json()["rows"]) == many - 5


@pytest.mark.parametrize("form", ["csv", "arrow", "parquet"])
def test_no_file_is_a_part_that_looks_whole(ask, form):
    question = {"sql": f"select range from range({limits_of('analyst').rows + 1})"}
    told = ask(f"/sql?format={form}", "POST", json=question)
    assert told.status_code == 413
    assert told.get_json()["detail"].startswith("The whole answer is larger than a file may be (1")


@pytest.mark.parametrize("name", ["A", "_a", "Area_ID", "a" * 60])
def test_a_value_has_the_names_that_the_workspace_takes(ask, name):
    question = {"sql": f"select ${name} as value", "parameters": {name: 5}}
    told = ask("/sql", "POST", json=question)
    assert told.get_json()["rows"] == [{"value": 5}]
    assert wanted.parameters({name: "5"}) == {name: 5}
    taken = ask("/openapi.json").get_json()["paths"]["/api/v1/sql"]["post"]["requestBody"]
    schema = taken["content"]["application/json"]["schema"]["properties"]["parameters"]
    assert re.search(schema["propertyNames"]["pattern"], name)


@pytest.mark.parametrize("name", ["1a", "a-b", "", "a" * 61, "\u00e4", "a\n"])
def test_a_name_that_no_value_can_have_is_refused_with_the_rule(ask, name):
    told = ask("/sql", "POST", json={"sql": "select 1", "parameters": {name: 5}})
    assert told.status_code == 400
    assert "a letter or _ first, then letters, digits and _, 60 in all" in told.get_json()["detail"]
    with pytest.raises(WrongUse):
        wanted.parameters({name: "5"})


def test_text_that_a_spreadsheet_would_run_is_made_safe(ask):
    told = ask("/sql?format=csv", "POST", json={"sql": "select '=1+1' as text"})
    assert told.text == "text\n'=1+1\n"


def test_a_heading_that_a_spreadsheet_would_run_is_made_safe(ask):
    question = {"sql": """select 1 as "=3+3", '=3+3'::enum('=3+3') as word"""}
    assert ask("/sql?format=csv", "POST", json=question).text == "'=3+3,word\n1,'=3+3\n"


@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_large_answer_leaves_in_pieces_and_is_whole(ask, form):
    question = {"sql": "select repeat('x', 1000) as x from range(9000)"}
    told = ask(f"/sql?format={form}", "POST", json=question)
    assert told.is_streamed
    assert told.text.count("x" * 1000) == 9000
    assert form != "json" or len(told.get_json()["rows"]) == 9000


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        ({"sql": "select 1;\nselect 2"}, 422, ""),
        ({"sql": "select\nno_such_column from figures"}, 422, "no_such_column"),
        ({"sql": "copy figures to '/tmp/x.csv'"}, 422, ""),
        ({"sql": "select * from read_csv('/etc/passwd')"}, 422, ""),
        ({"sql": ""}, 400, "“sql” has to be"),
        ({"sql": 5}, 400, "“sql” has to be"),
        ({"sql": "x" * 20_001}, 422, "20,000 are the most"),
        ({"sql": "select '\ud800'"}, 400, "no character"),
        ({}, 400, "“sql” has to be"),
        ([], 400, "JSON object"),
        ({"sql": "select 1", "scope": LEICESTER}, 400, "There is no “scope”"),
        ({"sql": "select 1", "as_of": "then"}, 400, "“as_of” has to be"),
        ({"sql": "select 1", "release": "../x"}, 400, "“release” has to be"),
        ({"sql": "select 1", "release": "20200101-000000-000"}, 410, "no longer kept"),
        ({"sql": "select $a", "parameters": {"a": []}}, 400, "“a” has to be a text"),
    ],
)
def test_what_is_no_question_is_refused(ask, body, status, said):
    answer = ask("/sql", "POST", json=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert said in answer.get_json()["detail"]


def test_a_refusal_names_the_line(ask):
    told = ask("/sql", "POST", json={"sql": "select 1,\nno_such_column\nfrom figures"})
    assert told.get_json()["line"] == 2


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"data": "select 1"}, 415),
        ({"data": "{", "content_type": "application/json"}, 400),
        ({"data": "[" * 50_000, "content_type": "application/json"}, 400),
        ({"data": " " * 64_001, "content_type": "application/json"}, 413),
        ({"data": " " * 1_000_001, "content_type": "application/json"}, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(ask, more, status):
    answer = ask("/sql", "POST", **more)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


@pytest.mark.parametrize(
    ("fault", "status", "said"),
    [
        (Busy("too many questions wait already"), 429, "Too many questions wait already."),
        (SandboxUnavailable("the uid 7 is missing"), 503, NO_ENGINE),
    ],
)
def test_a_full_queue_and_a_missing_engine_are_told(ask, monkeypatch, fault, status, said):
    def fails(*_):
        raise fault

    monkeypatch.setattr("api.questions.ask", fails)
    answer = ask("/sql", "POST", json=ONE)
    assert (answer.status_code, answer.get_json()["detail"]) == (status, said)
    assert (status == 429) is ("Retry-After" in answer.headers)
