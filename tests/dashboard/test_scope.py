"""The pages at a scope: until people sign in it comes from the settings, never from a request."""

import pytest

from dashboard.app import server
from store.paths import Home

METRIC, EXETER, DEVON = "admissions_by_residence", "E07000041", "E10000008"


def admissions(area: str) -> dict:
    """What the page's file says of the admissions of an area."""
    figure = f"{METRIC}.{area}.all.2020-03-26"
    given = server.test_client().get(f"/files/figure.json?figure={figure}")
    assert given.status_code == 200
    return given.json


@pytest.fixture(autouse=True)
def at_simulated_home(simulated_home: Home, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(simulated_home.root))


def test_without_a_scope_pages_show_what_everybody_may_see():
    assert admissions(EXETER)["disclosure"]["view"] == "controlled"


def test_a_request_cannot_name_a_scope():
    asked = f"/files/figure.json?figure={METRIC}.{EXETER}.all.2020-03-26&scope={EXETER}"
    assert server.test_client().get(asked).status_code == 400


def test_one_process_keeps_the_readers_of_scopes_apart(monkeypatch: pytest.MonkeyPatch):
    before = admissions(EXETER)
    monkeypatch.setenv("TRIGPOINT_SCOPE", EXETER)
    own = admissions(EXETER)
    assert own["disclosure"]["view"] == "exact" and own["figure"]["value"] is not None
    assert admissions(DEVON)["disclosure"]["view"] == "controlled"
    monkeypatch.delenv("TRIGPOINT_SCOPE")
    assert admissions(EXETER) == before


def test_the_page_of_a_hidden_figure_says_what_is_hidden_and_why():
    figure = f"{METRIC}.{EXETER}.all.2020-03-26"
    file = server.test_client().get(f"/files/figure.json?figure={figure}").json
    assert file["figure"]["value"] is None
    assert file["disclosure"]["is_hidden"] is True and file["disclosure"]["why"]
