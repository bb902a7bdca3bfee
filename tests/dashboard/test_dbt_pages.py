"""dbt's own pages as they are handed out: of which release, and shut off from ours."""

import json

import pytest

from dashboard import dbt_pages
from store import releases
from store.paths import Home
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import write_release


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
    policy = client.get("/catalogue/dbt").headers["Content-Security-Policy"].split("; ")
    assert "sandbox allow-scripts" in policy
    assert "default-src 'none'" in policy
    assert not [part for part in policy if "'self'" in part or "http" in part]
    assert not [part for part in policy if part.startswith(("connect-src", "frame-src"))]


def test_an_old_release_has_its_own_and_one_that_is_gone_has_none(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    first = write_release(tmp_path).release_id
    write_release(tmp_path)
    client = signed_in("analyst")
    assert client.get(f"/catalogue/dbt?release={first}").status_code == 200
    assert client.get("/catalogue/dbt?release=20200101-000000-000").status_code == 404


@pytest.mark.parametrize("name", ["manifest", "catalog"])
def test_dbts_page_has_a_place_for_each(name):
    """A newer dbt may call them otherwise: then nothing would be shown, and nothing said."""
    assert dbt_pages._page().count(dbt_pages.PLACES[name]) == 1


def test_before_the_first_release_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    assert releases.kept(Home(tmp_path)) == []
    client = signed_in("analyst")
    assert client.get("/catalogue/dbt").status_code == 404
