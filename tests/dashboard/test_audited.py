"""Every address is on the audit before it answers, or on the list of those that hold no figure."""

import json

import pytest

from dashboard import audited
from dashboard.app import server
from journal import chain, reading
from journal.engine import journal_of
from store.paths import Home
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import CITED, ENGLAND, LEICESTER, write_release
from tests.dashboard.test_security import CALLBACKS, asking, located

CASES = "cases_by_specimen_date"
# What Flask and Dash register, with an address of each; a new one fails the test below.
ADDRESSES = {
    "/": "/",
    "/<path:path>": f"/areas/{LEICESTER}",
    "/files/areas.json": "/files/areas.json",
    "/catalogue/dbt": "/catalogue/dbt",
    "/files/figure.json": f"/files/figure.json?figure={CITED}",
    "/files/today.pdf": "/files/today.pdf?area=E12000007&measure=cases_by_specimen_date",
    "/files/today.png": "/files/today.png",
    "/files/trend.csv": f"/files/trend.csv?measure=cases_by_specimen_date&area={LEICESTER}",
    "/files/comparison.csv": "/files/comparison.csv?measure=cases_by_specimen_date&area=E06000016",
    "/files/authorities.csv": "/files/authorities.csv?measure=cases_by_specimen_date",
    "/files/regions.csv": "/files/regions.csv?measure=cases_by_specimen_date",
    "/files/versions.csv": f"/files/versions.csv?figure={CITED}",
    "/files/conflicts.csv": "/files/conflicts.csv",
    "/files/quarantine/<source_id>.csv": "/files/quarantine/phe_cases_vintages.csv",
}
FREE = {
    "/health": "/health",
    "/assets/<path:filename>": "/assets/trigpoint.css",
    "/_dash-layout": "/_dash-layout",
    "/exports/<export_id>/state.json": f"/exports/{'0' * 32}/state.json",
    "/_dash-dependencies": "/_dash-dependencies",
    "/_reload-hash": "/_reload-hash",
    "/_favicon.ico": "/_favicon.ico",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": (
        "/_dash-component-suites/dash/deps/react@18.v4_4_1m0.min.js"
    ),
}
# Asked by the data protection officer, in their own tests.
GOVERNING = {
    "/files/<any('register', 'record-of-processing'):name>.<any('html', 'csv'):form>",
    "/files/audit.csv",
    "/files/access.csv",
    "/governance/check",
}
# Found in other tests.
SIGNING_IN = {"/sign-in", "/sign-in/as", "/sign-in/start", "/sign-in/return", "/sign-out"}
# Done by an engineer, in the tests of the pages about sources.
ROLLING_BACK = {"/sources/releases/roll-back"}
# Done in the tests of the stand-up.
STANDING_UP = {f"/standup/{what}" for what in ("start", "end", "action", "done")}
# Done by whoever reports, weighs and subscribes, in the tests of those pages.
STEPS = ("report", "take-up", "hand-on", "reject", "reopen", "accept", "take-back")
REPORTING = {*(f"/problems/{what}" for what in STEPS), "/notes/write"}
# Written for whoever asks, in the tests of what is exported.
EXPORTING = {"/exports/make", "/exports/cancel", "/files/exports/<export_id>/<name>"}
SUBSCRIBING = {f"/subscriptions/{what}" for what in ("subscribe", "confirm", "end")}
# Asked by an analyst, in the tests of the workspace.
QUERYING = {
    *(f"/workspace/{what}" for what in ("save", "share", "end")),
    *("/files/query.csv", "/files/query.parquet"),
}
# Asked by programs, in tests/api, and tokens made on one's own record.
BY_PROGRAM = {rule.rule for rule in server.url_map.iter_rules() if rule.endpoint.startswith("api.")}
TOKENS = {"/your-record/tokens/make", "/your-record/tokens/end"}
OTHERS = {
    *("/_dash-update-component", "/cite/<text>"),
    *SIGNING_IN,
    *GOVERNING,
    *ROLLING_BACK,
    *STANDING_UP,
    *REPORTING,
    *SUBSCRIBING,
    *EXPORTING,
    *QUERYING,
    *BY_PROGRAM,
    *TOKENS,
}


@pytest.fixture(scope="module")
def release_id(tmp_path_factory):
    root = tmp_path_factory.mktemp("audited")
    return root, write_release(root).release_id


@pytest.fixture
def place(release_id, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(release_id[0]))
    return Home(release_id[0])


@pytest.fixture
def client(place):
    return signed_in()


def last(place):
    return reading.questions(place).row(0, named=True)


def test_every_address_is_known_to_these_tests():
    rules = {rule.rule for rule in server.url_map.iter_rules()}
    assert rules - {*ADDRESSES, *FREE, *OTHERS} == set()


@pytest.mark.parametrize("rule", ADDRESSES)
def test_an_address_is_on_the_audit(client, place, release_id, rule):
    before = chain.verify(place).entry_id
    assert client.get(ADDRESSES[rule]).status_code == 200
    assert chain.verify(place).entry_id == before + 2
    found = last(place)
    assert found["question"] == ADDRESSES[rule]
    assert found["outcome"] == "given"
    assert found["release_id"] == release_id[1]
    assert (found["person"], found["scope"]) == ("demonstration|national_leader", ENGLAND)


@pytest.mark.parametrize(
    ("address", "persona", "areas", "metrics"),
    [
        (ADDRESSES["/files/today.pdf"], "national_leader", ["E12000007"], [CASES]),
        ("/files/today.png", "regional_lead", ["E12000007"], []),
        ("/files/today.pdf", "local_official", [LEICESTER], []),
    ],
)
def test_a_sheet_is_on_it_with_area_measure_and_rows(place, address, persona, areas, metrics):
    assert signed_in(persona).get(address).status_code == 200
    found = last(place)
    assert (json.loads(found["areas"]), json.loads(found["metrics"])) == (areas, metrics)
    assert found["exit"] == address.split("?")[0][-3:]
    assert found["rows"] > 20


@pytest.mark.parametrize("rule", FREE)
def test_what_holds_no_figure_is_not(client, place, rule):
    before = chain.verify(place).entry_id
    client.get(FREE[rule])
    assert chain.verify(place).entry_id == before


def test_a_page_that_a_callback_makes_is_on_it_with_its_rows(client, place):
    search = "?measure=cases_by_specimen_date&as_of=2020-07-25"
    client.post(CALLBACKS, json=located(f"/areas/{LEICESTER}", search))
    found = last(place)
    assert (found["exit"], found["question"]) == ("callback", f"/areas/{LEICESTER}{search}")
    assert json.loads(found["areas"]) == [LEICESTER]
    assert json.loads(found["metrics"]) == ["cases_by_specimen_date"]
    assert found["as_of"] == "2020-07-25T23:59:59.999999"
    assert found["rows"] > 0


def test_the_drawer_is_on_it(client, place):
    client.post(CALLBACKS, json=asking({"figure": CITED}))
    found = last(place)
    assert found["exit"] == "callback"
    assert CITED in found["question"]
    assert json.loads(found["areas"]) == [ENGLAND]
    assert found["rows"] > 0


def test_a_citation_is_on_it_with_its_own_release(client, place):
    client.get(f"/cite/TP-{CITED}-20200101-000000-000")
    found = last(place)
    assert (found["exit"], found["release_id"]) == ("citation", "20200101-000000-000")


def test_what_is_refused_is_on_it_as_refused(client, place):
    client.get("/files/figure.json?figure=nothing.at.all.2020-01-01")
    assert last(place)["outcome"] == "404 NOT FOUND"


def test_what_is_no_address_is_not_on_it(client, place):
    before = chain.verify(place).entry_id
    assert client.get("/wp-login.php").status_code == 404
    assert client.post(CALLBACKS, json={}).status_code == 400
    assert chain.verify(place).entry_id == before


def test_a_mark_of_starting_up_cannot_be_sent(client, place):
    before = chain.verify(place).entry_id
    (name, value) = next(iter(audited.SETTING_UP.items()))
    client.get("/", headers={name: str(value)})
    assert chain.verify(place).entry_id == before + 2


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.get("/"),
        lambda client: client.get(ADDRESSES["/files/trend.csv"]),
        lambda client: client.get(ADDRESSES["/files/figure.json"]),
        lambda client: client.get(f"/cite/TP-{CITED}-20200101-000000-000"),
        lambda client: client.post(CALLBACKS, json=located(f"/areas/{LEICESTER}", "")),
        lambda client: client.post(CALLBACKS, json=asking({"figure": CITED})),
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
def test_no_answer_leaves_while_the_audit_cannot_be_written(
    client, place, monkeypatch, ask, is_late
):
    """The journal is gone before the question, or between the question and its answer."""
    journal = journal_of(place)
    head = place.audit_head.read_text() if place.audit_head.exists() else ""
    if is_late:
        put = audited.audit.ask

        def then_gone(*arguments):
            asked = put(*arguments)
            place.audit_head.write_text("nothing of the kind\n")
            return asked

        monkeypatch.setattr(audited.audit, "ask", then_gone)
    else:
        place.audit_head.write_text("nothing of the kind\n")
    answer = ask(client)
    assert answer.status_code == 503
    assert answer.get_data(as_text=True) == audited.REFUSAL
    assert answer.headers["Content-Security-Policy"]
    place.audit_head.write_text(head)
    journal.engine.dispose()
    assert chain.verify(place)
