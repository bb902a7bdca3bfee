"""What a first visit weighs: scripts compressed once, figures in files as they are."""

import gzip
import json
from pathlib import Path

import pytest
from plotly.offline import get_plotlyjs_version

from dashboard import compressed
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import CITED
from tests.dashboard.test_security import CALLBACKS, located

FRONTEND = Path(compressed.__file__).parent / "frontend"
BUILT = "/assets/built/plotly-basic.min.js"


def taken(address: str, **headers: str):
    return signed_in().get(address, headers={"Accept-Encoding": "gzip, deflate, br"} | headers)


def test_a_style_sheet_is_sent_zipped_and_is_the_same(home):
    plain = signed_in().get("/assets/trigpoint.css").get_data()
    zipped = taken("/assets/trigpoint.css")
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(zipped.get_data()) == plain
    assert len(zipped.get_data()) < len(plain) / 2


def test_what_a_browser_holds_already_is_not_sent_again(home):
    first = taken("/assets/trigpoint.css")
    again = taken("/assets/trigpoint.css", **{"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304 and not again.get_data()


def test_a_browser_that_takes_no_compression_gets_none(home):
    plain = signed_in().get(BUILT)
    assert plain.status_code == 200 and "Content-Encoding" not in plain.headers


def test_plotly_was_compressed_when_it_was_built(home):
    sent = taken(BUILT)
    assert sent.headers["Content-Encoding"] == "br"
    built = Path(compressed.__file__).parent / "assets/built/plotly-basic.min.js.br"
    assert sent.get_data() == built.read_bytes()
    zipped = signed_in().get(BUILT, headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.get_data() == built.with_suffix(".gz").read_bytes()
    assert gzip.decompress(zipped.get_data()) == built.with_suffix("").read_bytes()


def test_a_page_is_zipped_and_a_file_of_figures_is_not(home):
    client = signed_in()
    page = client.post(CALLBACKS, json=located("/", ""), headers={"Accept-Encoding": "gzip"})
    assert "multi" in json.loads(gzip.decompress(page.get_data()))
    file = taken(f"/files/figure.json?figure={CITED}")
    assert file.status_code == 200 and "Content-Encoding" not in file.headers


def test_the_small_plotly_is_of_the_version_that_plotly_py_ships():
    """Dash's charts are drawn by it; another version would draw what this one never tried."""
    pinned = json.loads((FRONTEND / "package.json").read_text())["dependencies"]
    assert pinned["plotly.js-basic-dist-min"] == get_plotlyjs_version()


@pytest.mark.parametrize("word", ["resolved", "http:", "registry"])
def test_the_lock_of_npm_names_no_address(word: str):
    lock = json.loads((FRONTEND / "package-lock.json").read_text())["packages"]
    for name, package in lock.items():
        told = json.dumps({key: value for key, value in package.items() if key != "funding"})
        assert word not in told, name


def test_the_font_of_the_sign_in_page_is_open_and_plotly_is_not(home):
    from dashboard.app import server  # noqa: PLC0415

    stranger = server.test_client()
    font = "/assets/built/source-sans-3-latin-400-normal.woff2"
    assert stranger.get(font).status_code == 200
    assert stranger.get(BUILT).status_code == 401
