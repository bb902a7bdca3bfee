"""dbt's own pages as they are handed out: of which release, and shut off from ours."""

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from dashboard import dbt_pages
from dashboard.app import server
from dashboard.pages import catalogue_table
from store import releases
from store.paths import Home
from tests.dashboard import small_england
from tests.dashboard.placed import words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_england import release_of, write_release


def test_dbts_page_carries_what_the_release_holds(client):
    told = client.get("/catalogue/dbt")
    assert told.status_code == 200
    assert told.mimetype == "text/html"
    page = told.get_data(as_text=True)
    assert "JSON INLINE DATA" not in page
    assert r'{"told": "manifest \u003c/script>"}' in page
    assert r'{"told": "catalog \u003c/script>"}' in page


def test_a_text_cannot_end_the_script_that_it_stands_in(client):
    text = json.dumps({"about": "</script><script>alert(1)</script><!--"})
    page = dbt_pages.composed({"manifest": text, "catalog": "{}"})
    assert "alert(1)</script>" not in page
    assert r"\u003cscript>alert(1)" in page


def test_it_has_no_origin_and_reaches_nothing(client):
    headers = client.get("/catalogue/dbt").headers
    policy = headers["Content-Security-Policy"].split("; ")
    assert "sandbox allow-scripts" in policy
    assert "default-src 'none'" in policy
    assert not [part for part in policy if "'self'" in part or "http" in part]
    assert not [part for part in policy if part.startswith(("connect-src", "frame-src"))]
    # With a group of windows of its own a browser that follows the standard does not load it.
    assert headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Cache-Control"] == "no-store"


def test_it_travels_compressed(client):
    answer = client.get("/catalogue/dbt", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = client.get("/catalogue/dbt").get_data()
    assert gzip.decompress(answer.get_data()) == plain
    assert len(answer.get_data()) < len(plain) / 2


def released(root: Path, said: str) -> str:
    tables = small_england.tables()
    tables["catalogue_artifacts"] = tables["catalogue_artifacts"].with_columns(
        content=pl.lit(json.dumps(said))
    )
    return release_of(root, tables).release_id


def test_each_release_has_its_own_and_one_that_is_gone_has_none(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    first, second = released(tmp_path, "built first"), released(tmp_path, "built second")
    client = signed_in("analyst")
    for address, said in ((f"?release={first}", "first"), (f"?release={second}", "second")):
        assert f"built {said}" in client.get(f"/catalogue/dbt{address}").get_data(as_text=True)
    assert "built second" in client.get("/catalogue/dbt").get_data(as_text=True)
    assert client.get("/catalogue/dbt?release=20200101-000000-000").status_code == 404


def test_a_release_of_before_has_none_and_no_page_leads_there(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    release = write_release(tmp_path)
    manifest = releases.folder(Home(tmp_path), release.release_id) / "manifest.json"
    content = json.loads(manifest.read_text())
    del content["rows"]["catalogue_artifacts"]
    manifest.write_text(json.dumps(content))
    assert signed_in("analyst").get("/catalogue/dbt").status_code == 404
    with looking_at("/catalogue/tables/figures", "analyst"):
        assert "dbt\u2019s own" not in words_in(catalogue_table.layout("figures"))


def test_whoever_is_not_signed_in_is_led_there_and_back():
    answer = server.test_client().get("/catalogue/dbt?as_of=2020-07-25")
    assert answer.status_code == 302
    assert answer.location == "/sign-in?next=%2Fcatalogue%2Fdbt%3Fas_of%3D2020-07-25"


@pytest.mark.parametrize("name", ["manifest", "catalog"])
def test_dbts_page_has_a_place_for_each(name):
    """A newer dbt may call them otherwise: then nothing would be shown, and nothing said."""
    assert dbt_pages._page().count(dbt_pages.PLACES[name]) == 1


def test_before_the_first_release_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    assert releases.kept(Home(tmp_path)) == []
    client = signed_in("analyst")
    answer = client.get("/catalogue/dbt")
    assert answer.status_code == 404
    assert "nothing has been published" in answer.get_data(as_text=True)
