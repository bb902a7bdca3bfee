"""A count that is not public: exact for those whose area it is, by every exit, and no others."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest

from people import accounts, sessions
from people.accounts import Known
from people.exits import ruled
from people.personas import personas
from people.settings import SignIn
from store import releases
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from store.viewer import Viewer
from tests.dashboard.on_paper import words_of
from tests.dashboard.signed_in import HERE, signed_in
from tests.dashboard.small_england import ENGLAND, LEICESTER
from tests.dashboard.test_security import CALLBACKS, asking, located

MEASURE = "admissions_by_residence"
# Every other persona looks from elsewhere, or from England without exact figures.
EXACT = {"national_leader", "analyst", "local_official"}
COUNT = (
    "select figure_id, event_date::varchar as day, value from figures "
    "where metric_id = $measure and area_id = $area and stratum_id = 'all' order by event_date"
)


@pytest.fixture
def place(simulated_home: Home, monkeypatch) -> Home:
    monkeypatch.setenv("TRIGPOINT_HOME", str(simulated_home.root))
    return simulated_home


@pytest.fixture
def counts(place: Home) -> tuple[str, str, str, str]:
    """A figure of Leicester, its day, what it is, and what everybody is told; two numbers."""
    with open_reader(place) as everybody, open_reader(place, Viewer(scope=ENGLAND)) as exact:
        told = everybody.ask(COUNT, measure=MEASURE, area=LEICESTER).rows()
        true = exact.ask(COUNT, measure=MEASURE, area=LEICESTER).rows()
    found = [(*e, t[2]) for e, t in zip(true, told, strict=True) if t[2] and e[2] != t[2]]
    figure_id, day, is_, shown = found[0]
    return figure_id, day, f"{is_:.0f}", f"{shown:.0f}"


def in_file(client, figure_id, day):
    found = client.get(f"/files/figure.json?figure={figure_id}").get_json()
    return f"{found['figure']['value']:.0f}"


def in_csv(client, figure_id, day):
    text = client.get(f"/files/trend.csv?measure={MEASURE}&area={LEICESTER}").get_data(as_text=True)
    (row,) = [row for row in csv.DictReader(io.StringIO(text)) if row["date"] == day]
    return row["value"]


def in_versions(client, figure_id, day):
    text = client.get(f"/files/versions.csv?figure={figure_id}").get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(text)))[-1]["value"]


def on_sheet(client, figure_id, day):
    address = f"/files/today.pdf?area={LEICESTER}&measure={MEASURE}&from={day}&to={day}"
    found = re.search(r"Date \d+ \w+\s+\w+ a day ([\d,]+)", words_of(client.get(address).data))
    assert found
    return found.group(1).replace(",", "")


def on_page(client, figure_id, day):
    return valued(client.post(CALLBACKS, json=located(f"/figure/{figure_id}", "")))


def in_drawer(client, figure_id, day):
    return valued(client.post(CALLBACKS, json=asking({"figure": figure_id})))


def valued(answer) -> str:
    """The number that a page or drawer is headed by."""
    text = json.dumps(answer.get_json())
    found = re.search(r'\{"children": "([^"]*)", "className": "value"\}', text)
    assert found, text[:300]
    return found.group(1)


@pytest.mark.parametrize("way", [in_file, in_csv, in_versions, on_sheet, on_page, in_drawer])
@pytest.mark.parametrize("persona", personas())
def test_a_count_is_exact_where_it_is_ones_own(counts, persona, way):
    figure_id, day, is_, shown = counts
    is_export = way in {in_file, in_csv, in_versions, on_sheet}
    if is_export and personas()[persona].role not in ruled()["export.trend"].who:
        assert signed_in(persona).get("/files/trend.csv").status_code == 403
        return
    assert way(signed_in(persona), figure_id, day) == (is_ if persona in EXACT else shown)


@pytest.mark.parametrize("first", ["london", "leicester"])
def test_nobody_is_given_what_was_kept_for_another_scope(counts, first):
    """Pages of one process, asked in both orders: what it keeps is kept by scope."""
    figure_id, day, is_, shown = counts
    local, region = signed_in("local_official"), signed_in("regional_lead")
    order = (region, local) if first == "london" else (local, region)
    told = {id(client): on_page(client, figure_id, day) for client in order}
    assert (told[id(local)], told[id(region)]) == (is_, shown)


def test_an_area_that_the_release_does_not_know_is_said_plainly(place):
    client = signed_in()
    known = Known("demonstration|stranger", "A Stranger", "local_official", "E06000999")
    accounts.enter(place, known)
    token = sessions.begin(place, known.subject, SignIn.read())
    client.set_cookie("trigpoint", token)
    client.environ_base["HTTP_X_TRIGPOINT_FORM"] = sessions.form_token(token)
    page = client.post(CALLBACKS, json=located(f"/areas/{LEICESTER}", "")).get_data(as_text=True)
    assert "Your area is not in this release" in page
    assert client.get("/files/areas.json").status_code == 404
    assert client.post("/sign-out", headers=HERE).status_code == 303


def test_a_request_cannot_name_a_scope_of_its_own(counts):
    figure_id, _, _, shown = counts
    client, asked = signed_in("regional_lead"), f"/files/figure.json?figure={figure_id}"
    assert client.get(f"{asked}&scope={LEICESTER}").status_code == 400
    assert client.get(asked).get_json()["disclosure"]["view"] == "controlled"
    page = client.post(CALLBACKS, json=located(f"/figure/{figure_id}", f"?scope={LEICESTER}"))
    assert valued(page) == shown


def test_the_file_of_a_hidden_figure_says_that_it_is_hidden_and_why(place):
    with open_reader(place) as everybody:
        told = everybody.ask(COUNT, measure=MEASURE, area=LEICESTER).rows()
    hidden = next(figure_id for figure_id, _, value in told if value is None)
    found = signed_in("regional_lead").get(f"/files/figure.json?figure={hidden}").get_json()
    assert found["figure"]["value"] is None
    assert found["disclosure"]["is_hidden"] is True
    assert found["disclosure"]["why"]
    own = signed_in("local_official").get(f"/files/figure.json?figure={hidden}").get_json()
    assert own["figure"]["value"] is not None


def test_what_is_reported_of_a_count_is_told_to_those_who_see_it(counts, place):
    """Others read that it is under query and no number; and nobody corrects it on the pages."""
    figure_id, _, is_, _ = counts
    release_id = releases.current(place).release_id
    form = {"figure": figure_id, "release": release_id, "kind": "too_low", "wrong": "It is 4711."}
    answer = signed_in("local_official").post("/problems/report", data=form, headers=HERE)
    number = answer.headers["Location"].partition("#")[2]
    for persona in personas():
        client = signed_in(persona)
        told = client.post(CALLBACKS, json=located(f"/figure/{figure_id}", "")).get_data(
            as_text=True
        )
        assert number in told and "Under query since" in told, persona
        assert ("4711" in told) is (persona in EXACT), persona
    analyst = signed_in("analyst")
    analyst.post("/problems/take-up", data={"problem": number}, headers=HERE)
    queue = analyst.post(CALLBACKS, json=located("/problems", "")).get_data(as_text=True)
    assert number in queue and "it is for its own source to correct it" in queue
    wanted = {"problem": number, "stands": f"{float(is_)}", "value": "4711", "reason": "So it is."}
    wanted["expires_on"] = (now() + timedelta(days=9)).date().isoformat()
    answer = analyst.post("/problems/accept", data=wanted, headers=HERE)
    assert answer.status_code == 400 and "not published as it is" in answer.get_data(as_text=True)
