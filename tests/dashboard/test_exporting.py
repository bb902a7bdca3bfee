"""A person has a file of any size written, sees how far it is, and takes all of it or a part."""

import csv
import io
import json
import os
import shutil
import signal
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace

import polars as pl
import pytest

from dashboard import exporting, security, worker
from journal import chain, reading
from pipeline import cli
from store import agreements, releases
from store.errors import WrongUse
from store.exporting import jobs
from store.paths import Home
from store.reader import open_reader
from store.settings import Settings
from store.viewer import Viewer
from tests.dashboard.signed_in import HERE, signed_in
from tests.dashboard.small_england import ENGLAND, LEICESTER
from tests.dashboard.taken_away import begin, give_up, listed, ready, state, tables_in, taken
from tests.dashboard.test_security import CALLBACKS, located
from tests.store.exported import until

AT = "?as_of=2020-07-22T09:30:00"
CASES = "cases_by_specimen_date"


@pytest.fixture(autouse=True)
def room(monkeypatch, home):
    monkeypatch.setenv("TRIGPOINT_EXPORTS_A_MINUTE", "10000")
    yield
    for folder in Home(home).exports.glob("*/*/"):
        (folder / jobs.CANCEL).touch()
        until(lambda folder=folder: (job := jobs.read(folder)) is None or not making(job))
        if (job := jobs.read(folder)) is not None:
            jobs.cancel(job)


def making(job) -> bool:
    return job.state.state == jobs.MAKING


@pytest.fixture
def analyst():
    return signed_in("analyst")


def test_a_file_is_written_and_taken_with_its_note(analyst, reader):
    export_id = begin(
        analyst,
        what="figures",
        measure=CASES,
        area="Leicester (E06000016)",
        **{"from": "2020-07-01"},
    )
    found = ready(analyst, export_id)
    answer = analyst.get(found["file"])
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    known = reader.ask(
        "select figure_id, value from figures where metric_id = $metric and area_id = $area "
        "and event_date >= date '2020-07-01'",
        metric=CASES,
        area=LEICESTER,
    )
    assert [row["figure_id"] for row in rows] == known["figure_id"].to_list()
    assert (found["rows"], found["of"]) == (len(rows), len(rows))
    name = answer.headers["Content-Disposition"]
    release = reader.release.release_id
    assert f"{CASES}_{LEICESTER}_2020-07-01-to-end_as-of-" in name and release in name
    assert answer.mimetype == "text/csv" and answer.headers["Cache-Control"] == "no-store"
    note = analyst.get(found["note"]).get_data(as_text=True)
    assert "[c] hidden" in note and "Cases by specimen date" in note


def test_the_very_moment_of_the_page_is_written_until_another_day_is_chosen(analyst, home):
    shown = json.dumps(analyst.post(CALLBACKS, json=located("/exports", AT)).get_json())
    assert '"name": "moment"' in shown and '"value": "2020-07-22T09:30:00"' in shown
    for day, moment in (
        ("2020-07-22", datetime(2020, 7, 22, 9, 30)),
        ("2020-07-23", datetime(2020, 7, 23, 23, 59, 59, 999999)),
        ("", None),
    ):
        export_id = begin(
            analyst, what="figures", measure=CASES, as_of=day, moment="2020-07-22T09:30:00"
        )
        (folder,) = Home(home).exports.glob(f"*/{export_id}/")
        job = jobs.read(folder)
        assert job.wanted.as_of == moment
        ready(analyst, export_id)
    page = analyst.post(CALLBACKS, json=located("/exports", "")).get_data(as_text=True)
    assert "as it was at 09:30 on 22 July 2020" in page


def test_a_download_that_broke_off_goes_on_and_starts_anew_where_it_is_another_file(analyst):
    found = ready(analyst, begin(analyst, what="claims", form="parquet"))
    whole = analyst.get(found["file"])
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert int(whole.headers["Content-Length"]) == len(whole.data)
    mark, half = whole.headers["ETag"], len(whole.data) // 2
    rest = analyst.get(found["file"], headers={"Range": f"bytes={half}-", "If-Range": mark})
    assert (rest.status_code, whole.data[:half] + rest.data) == (206, whole.data)
    other = analyst.get(found["file"], headers={"Range": f"bytes={half}-", "If-Range": '"x"'})
    assert (other.status_code, other.data) == (200, whole.data)
    beyond = analyst.get(found["file"], headers={"Range": f"bytes={len(whole.data)}-"})
    assert beyond.status_code == 416
    assert pl.read_parquet(io.BytesIO(whole.data)).height == found["rows"]


def test_it_is_on_the_audit_before_it_leaves_with_rows_measure_and_area(analyst, home):
    export_id = begin(analyst, what="figures", measure=CASES, area=ENGLAND, as_of="2020-07-25")
    asked = next(
        row
        for row in reading.questions(Home(home)).to_dicts()
        if row["question"].startswith("/exports/make figures")
    )
    assert (json.loads(asked["areas"]), json.loads(asked["metrics"])) == ([ENGLAND], [CASES])
    assert asked["as_of"].startswith("2020-07-25")
    found = ready(analyst, export_id)
    before = chain.verify(Home(home)).entry_id
    state(analyst, export_id)
    assert chain.verify(Home(home)).entry_id == before
    analyst.get(found["file"])
    left = reading.questions(Home(home)).row(0, named=True)
    assert (left["question"], left["rows"], left["exit"]) == (found["file"], found["rows"], "csv")
    assert chain.verify(Home(home)).entry_id == before + 2


def test_the_figures_of_ones_own_area_are_those_of_its_reader_and_the_moment_counts(home):
    official = signed_in("local_official")
    text = taken(official, what="figures", as_of="2020-07-25").decode()
    rows = {row["figure_id"]: row["value"] for row in csv.DictReader(io.StringIO(text))}
    moment = datetime(2020, 7, 25, 23, 59, 59, 999999)
    with open_reader(Home(home), as_of=moment) as then:
        known = dict(then.ask("select figure_id, value from figures").iter_rows())
    assert {name: float(value) if value else None for name, value in rows.items()} == known


@pytest.mark.long
def test_a_package_holds_the_tables_of_the_release(analyst, reader):
    found = tables_in(taken(analyst, what="release", form="parquet"))
    tables = sorted({*reader.release.rows, "releases"})
    asked = [repr(reader.ask(f"select * from {table}").rows()) for table in tables]
    assert found == asked


def test_nobody_finds_the_file_of_another(analyst):
    found = ready(analyst, export_id := begin(analyst, what="figures"))
    other = signed_in("operations")
    assert state(other, export_id)["state"] == "gone"
    assert other.get(found["file"]).status_code == 404
    assert give_up(other, export_id).status_code == 400
    assert listed(other) == set()
    assert analyst.get(found["file"]).status_code == 200
    sibling = found["file"].rsplit("/", 1)[0]
    for name in (jobs.JOB, jobs.STATE, "..%2Fjob.json"):
        assert analyst.get(f"{sibling}/{name}").status_code == 404


def test_what_is_ready_is_not_handed_out_once_an_agreement_has_ended(analyst, home, monkeypatch):
    found = ready(analyst, export_id := begin(analyst, what="figures"))
    assert analyst.get(found["file"]).status_code == 200
    monkeypatch.setattr(agreements, "today", lambda: date(2035, 1, 1))
    refused = analyst.get(found["file"])
    assert refused.status_code == 400
    assert "has changed since this file was made" in refused.get_data(as_text=True)
    monkeypatch.undo()
    assert not any(Home(home).exports.glob(f"*/{export_id}"))


def test_what_is_ready_is_not_handed_out_in_another_role_or_from_a_release_that_is_gone(
    analyst, home, monkeypatch
):
    found = ready(analyst, export_id := begin(analyst, what="figures"))
    job = next(job for path in Home(home).exports.glob("*/*/") if (job := jobs.read(path)))
    assert job.export_id == export_id
    other = Viewer(job.viewer.who, "engineer")
    with pytest.raises(WrongUse, match="changed"):
        jobs.require_standing(Home(home), job, other)
    found = ready(analyst, begin(analyst, what="figures"))
    monkeypatch.setattr(releases, "folder", lambda home, _: home.releases / "gone")
    assert analyst.get(found["file"]).status_code == 400
    assert listed(analyst) == set()


def test_a_file_stays_where_it_cannot_be_told_now_whether_it_may_be_had(analyst, home, monkeypatch):
    found = ready(analyst, begin(analyst, what="figures"))
    shown = Home(home).releases / releases.current(Home(home)).release_id
    hidden = shown.rename(shown.parent / ".elsewhere")
    shown.mkdir()
    refused = analyst.get(found["file"])
    shown.rmdir()
    hidden.rename(shown)
    assert (refused.status_code, "cannot be told now" in refused.text) == (400, True)
    assert analyst.get(found["file"]).status_code == 200


SWEEPS = {
    "the page": lambda client, _: listed(client),
    "a file": lambda client, _: client.get(f"/files/exports/{'0' * 32}/x.csv"),
    "the server": lambda *_: worker.sweep(),
    "a publication": lambda _, home: published_again(home),
}


def published_again(home) -> None:
    """As `trigpoint publish` does where the build is shown already."""
    built = SimpleNamespace(build_id=releases.current(Home(home)).build_id)
    cli._publish(Settings.read(home), built)


@pytest.mark.parametrize("sweep", SWEEPS)
def test_what_is_older_than_its_day_is_taken_away(analyst, home, monkeypatch, sweep):
    old = Home(home).exports / "somebody" / ("a" * 32)
    old.mkdir(parents=True)
    SWEEPS[sweep](signed_in("operations"), home)
    assert not old.exists()


def test_one_that_is_being_written_is_given_up_at_once(analyst, home, monkeypatch):
    endless(monkeypatch)
    export_id = begin(analyst, what="figures")
    job = only(home)
    assert making(job)
    refused = analyst.post("/exports/make", data={"what": "claims", "form": "csv"}, headers=HERE)
    assert (refused.status_code, "being written" in refused.get_data(as_text=True)) == (400, True)
    assert give_up(analyst, export_id).status_code == 303
    assert begin(analyst, what="claims") != export_id
    until(lambda: not making(job), longest_s=15)
    assert job.state.state == jobs.CANCELLED
    assert not [*job.folder.glob("*.csv*"), *job.folder.glob(".*.draft")]


def test_one_that_nobody_looks_at_any_more_is_given_up(analyst, home, monkeypatch):
    endless(monkeypatch)
    begin(analyst, what="figures")
    job = only(home)
    os.utime(job.folder / jobs.WATCHED, (1, 1))
    until(lambda: not making(job), longest_s=15)
    assert (job.state.state, job.state.why) == (
        jobs.CANCELLED,
        "nobody looked at the page any more",
    )


def test_one_whose_process_is_killed_is_said_to_have_ended(analyst, home, monkeypatch):
    started = endless(monkeypatch)
    export_id = begin(analyst, what="figures")
    job = only(home)
    until(job._is_locked)
    started[0].send_signal(signal.SIGKILL)
    started[0].wait()
    monkeypatch.setattr(jobs, "STARTING_S", 0.0)
    assert "ended before the file was whole" in state(analyst, export_id)["said"]
    assert analyst.get(f"/files/exports/{export_id}/x.csv").status_code == 404


def endless(monkeypatch) -> list:
    """Let the process run on when it has given all rows; gives the processes that were begun."""
    started, popen = [], jobs.subprocess.Popen

    def begun(command, **more):
        started.append(popen([command[0], "-m", "tests.store.slow_export", *command[3:]], **more))
        return started[-1]

    monkeypatch.setattr(jobs.subprocess, "Popen", begun)
    return started


def only(home):
    (job,) = [job for path in Home(home).exports.glob("*/*/") if (job := jobs.read(path))]
    return job


def test_room_is_limited_and_a_file_is_kept_for_a_day(analyst, home, monkeypatch):
    found = ready(analyst, export_id := begin(analyst, what="figures"))
    asked = {"data": {"what": "figures", "form": "csv"}, "headers": HERE}
    for change, said in (
        ({"kept_each": 1}, "are kept"),
        ({"bytes_each": 10}, "all the room that one person has"),
        ({"bytes_all": 10}, "all the room there is"),
    ):
        most = replace(jobs.limits(), **change)
        monkeypatch.setattr(jobs, "limits", lambda most=most: most)
        refused = analyst.post("/exports/make", **asked)
        assert (refused.status_code, said in refused.get_data(as_text=True)) == (400, True), said
        monkeypatch.undo()
        monkeypatch.setenv("TRIGPOINT_HOME", str(home))
        monkeypatch.setenv("TRIGPOINT_SIGN_IN", "demonstration")
    most = replace(jobs.limits(), kept_hours=0)
    monkeypatch.setattr(jobs, "limits", lambda: most)
    assert analyst.get(found["file"]).status_code == 404
    jobs.forget_old(Home(home))
    assert not any(Home(home).exports.glob(f"*/{export_id}"))


@pytest.mark.parametrize(
    "form",
    [
        {"what": "audit"},
        {"what": "figures", "form": "xlsx"},
        {"what": "figures", "measure": "nonsense"},
        {"what": "figures", "area": "Nowhere"},
        {"what": "figures", "from": "July"},
        {"what": "figures", "from": "2020-07-02", "to": "2020-07-01"},
        {"what": "figures", "as_of": "soon"},
        {"what": "release", "form": "parquet", "measure": CASES},
        {"what": "claims", "form": "sdmx"},
        {"what": "figures", "release": "20200101-000000-000"},
    ],
)
def test_a_form_has_to_be_right_in_every_part(analyst, form):
    answer = analyst.post("/exports/make", data={"form": "csv"} | form, headers=HERE)
    assert answer.status_code == 400
    assert len(answer.get_data(as_text=True).strip().splitlines()) == 1
    assert listed(analyst) == set()


def test_what_was_taken_away_meanwhile_is_said_to_be(analyst, home):
    export_id = begin(analyst, what="claims")
    ready(analyst, export_id)
    (folder,) = Home(home).exports.glob(f"*/{export_id}/")
    job = replace(jobs.read(folder), asked_at=datetime(2020, 1, 1))
    job.put(jobs.State())
    # Between the two looks at what its process said last.
    locked = jobs.Job._is_locked
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs.Job, "_is_locked", lambda own: (shutil.rmtree(folder), locked(own))[1])
        assert job.state.state == jobs.CANCELLED
    job.watch()
    jobs.cancel(job)
    assert not folder.exists()


@pytest.mark.parametrize("text", ["Leicester (E06000016)", "E06000016", "leicester"])
def test_an_area_is_known_by_code_name_or_both(reader, text):
    assert exporting._area(reader, text) == LEICESTER


def test_no_address_leads_out_of_the_folder():
    for path in ("/exports/../x", f"/files/exports/{'0' * 32}/a/b", "/files/exports/x/y.csv"):
        assert not security.KNOWN.fullmatch(path)
