import duckdb
import pytest

from dashboard import asked, readers, worker
from dashboard.briefing import area_of, brief
from dashboard.seen import Seen
from store import releases, withheld
from store.paths import Home
from store.reader import Reader
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import CITED, ENGLAND, LEICESTER, write_release
from tests.dashboard.test_security import CALLBACKS, located


@pytest.mark.parametrize(
    "path",
    [
        "/nonsense",
        "/admin",
        "/_dash-ws-callback",
        "/_mcp",
        "/assets/../app.py",
        "/assets/nothing.js",
        "/areas/",
        "/areas/E99999999",
        "/areas/E06000016/more",
        "/figure/nonsense",
        f"/figure/cases_by_specimen_date.{ENGLAND}.all.1999-01-01",
    ],
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/areas", f"/areas/{LEICESTER}", "/?area=NONSENSE", "/_dash-layout"]
)
def test_what_is_there_answers(client, path):
    assert client.get(path).status_code == 200


def test_an_unknown_address_has_a_way_back(client):
    text = client.get("/nonsense").get_data(as_text=True)
    assert '<html lang="en-GB">' in text
    assert 'href="/"' in text


@pytest.mark.parametrize("path", ["/", "/nonsense", "/health", "/assets/trigpoint.css"])
def test_every_answer_carries_the_policy(client, path):
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_answers_with_figures_are_not_stored(client):
    assert client.get("/_dash-layout").headers["Cache-Control"] == "no-store"
    assert client.get("/").headers["Cache-Control"] == "no-store"


def test_only_callbacks_take_a_post(client):
    assert client.post("/").status_code == 405
    assert client.post("/health").status_code == 405


def test_health_names_the_release_and_follows_a_new_one(client, tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    assert client.get("/health").get_json() == {"status": "ok", "release": None}
    first = write_release(tmp_path).release_id
    assert client.get("/health").get_json()["release"] == first
    second = write_release(tmp_path).release_id
    assert second != first
    assert client.get("/health").get_json()["release"] == second


def test_a_release_of_another_version_says_who_mends_it_and_how(tmp_path, monkeypatch):
    """After an upgrade the pages wait for a publish; nobody is told that the fault is ours."""
    write_release(tmp_path)
    (release,) = releases.kept(Home(tmp_path))
    file = releases.controlled_file(Home(tmp_path), release.release_id)
    with duckdb.connect(str(file)) as connection:
        connection.execute("alter table figure_versions drop column known_from")
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    for path in ("/", "/areas", f"/areas/{ENGLAND}", "/standup", "/sources", f"/figure/{CITED}"):
        answer = signed_in().post(CALLBACKS, json=located(path, ""))
        told = answer.get_data(as_text=True)
        assert answer.status_code == 200 and "trigpoint publish" in told, path
        assert f"Release {release.release_id} was written by another version" in told, path


def test_a_server_has_the_first_page_before_anybody_asks(home, monkeypatch):
    withheld.sources_in.cache_clear()
    worker.look_ahead()
    known, engine = withheld.sources_in.cache_info().misses, Reader._asked
    assert known
    put = []
    monkeypatch.setattr(Reader, "_asked", lambda *of: put.append(of[1]) or engine(*of))
    reader = readers.get_to_know()
    assert reader.release == releases.current(Home(home))
    seen = Seen(asked.read({}), reader, "/")
    brief(seen, area_of(seen))
    assert put == []
    assert withheld.sources_in.cache_info().misses == known
    brief(seen, {"area_id": LEICESTER, "area_name": "Leicester"})
    assert put


def test_a_server_starts_where_nothing_was_published(monkeypatch, tmp_path):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path / "nothing published"))
    assert readers.get_to_know() is None
    worker.look_ahead()
