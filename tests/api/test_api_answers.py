"""What the API answers: pages, forms, marks and moments, the same figures as every other exit."""

import io
import json
import re
import shutil
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import duckdb
import polars as pl
import pytest

from api import parameters
from api.resources import resources
from dashboard import asked as asking_pages
from people.places import place as place_of
from store import agreements, releases
from store.exports import to_json
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from store.releases import publish
from store.viewer import Viewer
from tests.api.conftest import asking, token_of
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import CITED, ENGLAND, LEICESTER, RELEASED_AT
from tests.homes import copied

CASES = "cases_by_specimen_date"
SERIES = f"/figures?metric={CASES}&area={LEICESTER}"
FORMS = {
    "application/json": lambda data: pl.DataFrame(json.loads(data)["rows"]),
    "text/csv": lambda data: pl.read_csv(io.BytesIO(data)),
    "application/vnd.apache.arrow.stream": lambda data: pl.read_ipc_stream(io.BytesIO(data)),
    "application/vnd.apache.parquet": lambda data: pl.read_parquet(io.BytesIO(data)),
}


def every(ask, address):
    """The rows of all pages, and how many pages there were."""
    rows, pages = [], 0
    while address:
        answer = ask(address.removeprefix("/api/v1"))
        assert answer.status_code == 200, answer.get_data(as_text=True)
        told = answer.get_json()
        rows, pages, address = [*rows, *told["rows"]], pages + 1, told["next"]
        link = f'<http://localhost{address}>; rel="next"' if address else None
        assert answer.headers.get("Link") == link
    return rows, pages


@pytest.mark.parametrize("name", [name for name in resources() if name != "releases"])
@pytest.mark.parametrize("limit", [7, 1000])
def test_pages_together_are_the_table(ask, place, name, limit):
    more = f"&metric={CASES}&area={LEICESTER}" if name in {"figures", "claims"} else ""
    rows, pages = every(ask, f"/{name}?limit={limit}{more}")
    where = f"where metric_id = '{CASES}' and area_id = '{LEICESTER}'" if more else ""
    with open_reader(place, Viewer(scope=ENGLAND)) as reader:
        columns = ", ".join(column.name for column in resources()[name].columns)
        found = reader.ask(f"select {columns} from {name} {where}")
    assert pages == max(1, -(-found.height // limit))
    assert sorted(map(repr, rows)) == sorted(map(repr, as_json(found)))


def as_json(found: pl.DataFrame):
    return json.loads(to_json(found))


def test_rows_with_one_key_are_each_given_once(place, tmp_path, monkeypatch):
    """Claims of one source, figure and moment share their key; a page may end among them."""
    home = Home(copied(place.root, tmp_path / "home"))
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            f"insert into claims select * replace (file_row + 100000 as file_row) from claims "
            f"where area_id = '{LEICESTER}' and metric_id = '{CASES}'"
        )
    publish(home, built_at=RELEASED_AT, build_id="twice", is_simulated=False, keep=3)
    monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
    ask = asking(token_of(home))
    whole, _ = every(ask, f"/claims?metric={CASES}&area={LEICESTER}&limit=9999")
    parts, pages = every(ask, f"/claims?metric={CASES}&area={LEICESTER}&limit=3")
    assert parts == whole and pages > 10
    assert len(whole) == 2 * len(
        {(r["figure_id"], r["source_id"], r["counts_from"]) for r in whole}
    )


@pytest.mark.parametrize("media_type", FORMS)
def test_each_form_holds_the_same(ask, media_type):
    answer = ask(SERIES, headers={"Accept": media_type})
    assert answer.mimetype == media_type
    found = FORMS[media_type](answer.data)
    usual = pl.DataFrame(ask(SERIES).get_json()["rows"], infer_schema_length=None)
    assert found.columns == usual.columns
    assert found["value"].cast(pl.Float64).to_list() == usual["value"].to_list()
    assert found["event_date"].cast(pl.String).to_list() == usual["event_date"].to_list()


@pytest.mark.parametrize(
    ("accept", "status", "media_type"),
    [
        ("", 200, "application/json"),
        ("*/*", 200, "application/json"),
        ("text/csv;q=0.5, application/vnd.apache.parquet;q=0.9", 200, [*FORMS][3]),
        ("text/*", 200, "text/csv"),
        ("text/html, application/json;q=0.1", 200, "application/json"),
        ("text/html", 406, "application/problem+json"),
        ("application/json;q=0", 406, "application/problem+json"),
    ],
)
def test_the_best_form_that_is_accepted_is_given(ask, accept, status, media_type):
    answer = ask(SERIES, headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (status, media_type)
    assert ask(f"{SERIES}&format=csv", headers={"Accept": accept}).mimetype == "text/csv"


def test_a_file_names_its_measure_area_release_and_moment(ask, place):
    release_id = releases.current(place).release_id
    answer = ask(f"{SERIES}&format=csv&as_of=2020-07-25")
    name = f"figures_{CASES}_{LEICESTER}_{release_id}_as-of-2020-07-25T2359.csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    many = ask(f"{SERIES}&area={ENGLAND}&format=parquet").headers["Content-Disposition"]
    assert f"figures_{CASES}_2-areas_{release_id}" in many and many.endswith('.parquet"')


def test_a_past_moment_shows_what_was_known_by_then(ask, place):
    with open_reader(place, Viewer(scope=ENGLAND)) as reader:
        then = reader.ask(
            "select event_date::varchar as day, value from figures_as_known('2020-07-25') "
            f"where metric_id = '{CASES}' and area_id = '{LEICESTER}' order by day"
        )
    answer = ask(f"{SERIES}&as_of=2020-07-25")
    found = [(row["event_date"], row["value"]) for row in answer.get_json()["rows"]]
    assert found == then.rows()
    assert answer.headers["X-Trigpoint-As-Of"] == "2020-07-25"
    assert found != [(r["event_date"], r["value"]) for r in ask(SERIES).get_json()["rows"]]


def test_days_are_between_from_and_to(ask):
    rows = ask(f"{SERIES}&from=2020-07-10&to=2020-07-12").get_json()["rows"]
    assert [row["event_date"] for row in rows] == ["2020-07-10", "2020-07-11", "2020-07-12"]


def test_a_passport_is_what_the_file_of_the_page_is(ask):
    ours = ask(f"/figures/{CITED}").get_json()
    assert ours == signed_in("analyst").get(f"/files/figure.json?figure={CITED}").get_json()
    cited = ask(f"/figures/{quote(ours['citation'])}").get_json()
    assert cited["figure"] == ours["figure"]


class TestMarks:
    @pytest.mark.parametrize(
        "address", [SERIES, "/metrics", "/releases", f"/figures/{CITED}", f"/metrics/{CASES}"]
    )
    def test_what_is_known_is_not_sent_again(self, ask, address):
        first = ask(address)
        etag = first.headers["ETag"]
        assert re.fullmatch(r'"[0-9a-f]{32}"', etag)
        again = ask(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.data) == (304, b"")
        for answer in (first, again):
            assert answer.headers["ETag"] == etag
            assert answer.headers["Vary"] == "Accept, Authorization"
            assert answer.headers["Cache-Control"] == "private, no-cache"
        assert ask(address, headers={"If-None-Match": '"another"'}).status_code == 200

    def test_a_mark_differs_by_question_form_moment_and_scope(self, ask, place):
        other = asking(token_of(place, "local_official"))
        marks = [
            ask(SERIES).headers["ETag"],
            ask(f"{SERIES}&format=csv").headers["ETag"],
            ask(f"{SERIES}&as_of=2020-07-25").headers["ETag"],
            ask(f"{SERIES}&limit=5").headers["ETag"],
            ask(f"/figures?metric={CASES}").headers["ETag"],
            other(SERIES).headers["ETag"],
        ]
        assert len({*marks}) == len(marks)
        assert ask(SERIES).headers["ETag"] == marks[0]

    def test_a_mark_of_before_an_agreement_ended_is_not_known_after(
        self, ask, tmp_path, monkeypatch
    ):
        folder = tmp_path / "agreements"
        shutil.copytree(Path(agreements.__file__).parents[1] / "agreements", folder)
        monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))
        first = ask(SERIES)
        for path in folder.glob("*.toml"):
            text = path.read_text()
            path.write_text(re.sub(r"20[34]\d-\d\d-\d\d", str(agreements.today()), text))
        again = ask(SERIES, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 200
        assert {row["missing_reason"] for row in again.get_json()["rows"]} == {agreements.WITHHELD}
        assert any(row["value"] for row in first.get_json()["rows"])


class TestReleases:
    @pytest.fixture
    def home(self, place, tmp_path, monkeypatch) -> Home:
        home = Home(copied(place.root, tmp_path / "home"))
        monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
        return home

    def again(self, home: Home, keep: int = 3) -> str:
        more = {"built_at": RELEASED_AT, "build_id": "again", "is_simulated": False}
        return publish(home, keep=keep, **more).release_id

    def test_pages_are_of_one_release_whatever_is_published_meanwhile(self, home):
        ask, first = asking(token_of(home)), releases.current(home).release_id
        page = ask(f"{SERIES}&limit=5")
        newest = self.again(home)
        following = ask(page.get_json()["next"].removeprefix("/api/v1"))
        assert following.get_json()["release_id"] == first != newest
        assert ask(SERIES).get_json()["release_id"] == newest
        assert ask(f"{SERIES}&release={first}").get_json()["release_id"] == first
        listed = ask("/releases").get_json()["rows"]
        assert [(row["release_id"], row["is_current"]) for row in listed] == [
            (first, False),
            (newest, True),
        ]
        assert ask("/releases?limit=1").get_json()["next"]
        assert every(ask, "/releases?limit=1") == (listed, 2)

    def test_a_release_that_has_gone_is_gone(self, home):
        ask, first = asking(token_of(home)), releases.current(home).release_id
        page = ask(f"{SERIES}&limit=5").get_json()["next"].removeprefix("/api/v1")
        self.again(home, keep=1)
        assert ask(f"/releases/{first}").status_code == 410
        for address in (page, f"{SERIES}&release={first}"):
            answer = ask(address)
            assert answer.status_code == 410
            assert answer.get_json()["detail"] == f"Release {first} is no longer kept."

    def test_before_the_first_release_it_says_so(self, tmp_path, monkeypatch):
        home = Home(tmp_path)
        monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
        answer = asking(token_of(home))(SERIES)
        assert answer.status_code == 409 and "nothing has been published" in answer.text.lower()


class TestRefusals:
    @pytest.mark.parametrize(
        ("address", "status", "said"),
        [
            ("/figures?colour=red", 400, "There is no parameter “colour” here"),
            ("/figures?metric=Robert'); drop", 400, "“metric” cannot be"),
            ("/figures?from=2020-02-31", 400, "“from” cannot be “2020-02-31”"),
            ("/figures?from=2020-07-01&from=2020-07-02", 400, "given 2 times"),
            ("/figures?limit=0", 400, "“limit” cannot be"),
            ("/figures?limit=10001", 400, "“limit” cannot be"),
            ("/figures?as_of=yesterday", 400, "“as_of” cannot be"),
            ("/figures?cursor=AAAA", 400, "none that was given out"),
            ("/figures?metric=no_such_measure", 404, "There is no measure “no_such_measure”"),
            ("/figures?area=E06999999", 404, "There is no area “E06999999”"),
            ("/metrics/no_such_measure", 404, "There is no measure"),
            ("/figures/no.such.figure.2020-07-01", 404, "There is no figure"),
            ("/figures/TP-x?as_of=2020-07-01", 409, "names its own release"),
            ("/nothing", 404, "There is no such address"),
            ("/releases/20200101-000000-000", 410, "no longer kept"),
        ],
    )
    def test_are_told_in_a_sentence(self, ask, address, status, said):
        answer = ask(address)
        assert answer.mimetype == "application/problem+json"
        told = answer.get_json()
        assert (answer.status_code, told["status"]) == (status, status)
        assert said in told["detail"] and told["detail"].endswith(".")

    def test_another_method_is_told_with_those_there_are(self, ask):
        for address, method, allowed in (
            ("/figures", "DELETE", "GET, HEAD"),
            ("/sql", "GET", "POST"),
        ):
            answer = ask(address, method=method)
            assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
            assert answer.headers["Allow"] == allowed

    def test_a_cursor_belongs_to_its_question(self, ask):
        cursor = ask(f"{SERIES}&limit=5").get_json()["next"].rsplit("cursor=", 1)[1]
        assert ask(f"/figures?metric={CASES}&cursor={cursor}").status_code == 409
        assert ask(f"/claims?metric={CASES}&cursor={cursor}").status_code in {400, 409}
        assert ask(f"{SERIES}&cursor={cursor}&release=20200101-000000-000").status_code == 409

    def test_a_fault_of_ours_has_a_reference(self, ask, monkeypatch, caplog):
        def fails(*_):
            raise KeyError("a secret")

        monkeypatch.setattr("api.addresses.rows.page", fails)
        answer = ask(SERIES)
        assert answer.status_code == 500
        reference = re.search(r"reference ([0-9a-f]{8})\.", answer.get_json()["detail"])
        assert reference and reference.group(1) in caplog.text
        assert "a secret" not in answer.text


def test_a_moment_to_come_is_refused_in_the_words_of_the_pages(ask):
    today, tomorrow = now().date(), now().date() + timedelta(days=1)
    for as_of in (tomorrow.isoformat(), f"{tomorrow}T12:00:00.000001", "9999-12-31"):
        refused = ask(f"{SERIES}&as_of={as_of}")
        asked = ask("/sql", "POST", json={"sql": "select 1", "as_of": as_of})
        assert (refused.status_code, asked.status_code) == (400, 400)
        assert refused.get_json()["detail"] == asked.get_json()["detail"] == parameters.NOT_YET
        assert asking_pages.read({"as_of": as_of}).notes == (parameters.NOT_YET,)
    now_then = ask(f"{SERIES}&as_of={today}").get_json()
    assert (now_then["as_of"], now_then["rows"]) == (None, ask(SERIES).get_json()["rows"])


@pytest.mark.parametrize("address", [SERIES, f"/figures/{CITED}", "/claims?limit=5"])
def test_programs_leave_threads_to_pages(ask, address):
    with ExitStack() as held:
        for _ in range(2):
            held.enter_context(place_of("demonstration|analyst"))
        busy = ask(address)
        assert (busy.status_code, "Retry-After" in busy.headers) == (429, True)
        assert ask("/metrics?limit=1").status_code == 200
    assert ask(address).status_code == 200
