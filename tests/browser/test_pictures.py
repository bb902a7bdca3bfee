"""The pictures of `make screenshots`: which there are, and that each fault of a page is seen."""

import os
import subprocess
import sys

import pytest
from PIL import Image

from dashboard import exits
from dashboard.app import PAGES
from people.personas import personas
from tests.browser.conftest import profile
from tests.conftest import ROOT
from tests.pictures.chosen import CHOSEN, LARGEST, keep
from tests.pictures.faults import faults, too_wide
from tests.pictures.sheet import Taken, write_sheet
from tests.pictures.tour import Subjects, tour

pytestmark = pytest.mark.browser

SHOWN = Subjects("cases_by_specimen_date.E92000001.all.2020-07-28", "ons_deaths", "E06000016")
PLAIN = """<header></header><main><h1>Today</h1><section><h2>Cases</h2><p>12 cases.</p>
<table><caption>Cases</caption><thead><tr><th>Area</th><th>Cases</th></tr></thead>
<tbody><tr><th>Leicester</th><td class="number"><button class="figure">12<span class="unseen">
cases</span></button></td></tr></tbody></table></section></main>"""
FAULTY = {
    "lies over": '<p style="margin:0">One text</p><p style="margin:-16px 0 0">Another</p>',
    "is cut off": '<p style="width:40px;white-space:nowrap;overflow:hidden">Much too long</p>',
    "is wider than its control": '<select style="width:70px"><option>NHS England</option></select>',
    "reaches out of its chart": '<div class="drawing" style="width:90px;overflow:hidden">'
    '<svg width="90" height="20"><text x="60" y="15">1 July 2020</text></svg></div>',
    "reaches out of its button": '<button style="width:60px;height:24px">Mark as done</button>',
    "has no point": '<figure><figcaption>Cases</figcaption><div class="js-plotly-plot"></div>'
    "</figure>",
    "has no caption": '<figure><div class="js-plotly-plot"></div></figure>',
    "has no row": "<table><caption>Cases</caption><tbody></tbody></table>",
    "nothing stands under": "<section><h2>Cases</h2></section>",
    "no heading says what": '<table><tbody><tr><td class="number">12</td></tr></tbody></table>',
    "nothing says what": '<button class="figure">12</button>',
    "is a machine's word": "<p>The rate is nan.</p>",
    "an image is broken": '<img src="data:image/svg+xml,none" alt="">',
    "where 1366 px are": '<div style="width:1500px">Wide</div>',
}


@pytest.fixture
def blank(browser):
    for context in profile(browser, 1366, 900):
        yield context.new_page()


def test_nothing_is_wrong_on_a_plain_page(blank):
    blank.set_content(PLAIN)
    assert faults(blank) == []
    assert too_wide(blank) == []


@pytest.mark.parametrize(("said", "wrong"), FAULTY.items(), ids=FAULTY.keys())
def test_each_fault_is_seen_and_told_in_a_sentence(blank, said, wrong):
    blank.set_content(PLAIN.replace("</main>", f"{wrong}</main>"))
    if said == "has no point":
        blank.evaluate("document.querySelector('.js-plotly-plot').data = [{ y: [null, null] }]")
    assert any(said in fault for fault in faults(blank)), faults(blank)


def test_what_is_hidden_or_scrolled_away_lies_over_nothing(blank):
    hidden = (
        '<p style="margin:-16px 0 0;visibility:hidden">Another</p>'
        '<div style="height:20px;overflow:auto"><p>One</p><p>Two</p></div><p>Three</p>'
    )
    blank.set_content(PLAIN.replace("</main>", f"{hidden}</main>"))
    assert faults(blank) == []


def test_a_width_at_which_the_page_is_scrolled_sideways_is_named(blank):
    blank.set_content(PLAIN.replace("</main>", '<div style="width:700px">Wide</div></main>'))
    assert [told.rpartition(" where ")[2] for told in too_wide(blank)] == [
        "390 px are",
        "320 px are",
    ]
    assert blank.viewport_size == {"width": 1366, "height": 900}


def test_there_is_a_picture_of_every_page_for_every_role_that_may_open_it():
    for persona in personas().values():
        names = {one.name for one in tour(persona, SHOWN, is_replayed=True)}
        shut = {page for page in PAGES if not _may_open(persona.role, page)}
        assert set(PAGES) - shut <= names
        assert not shut & names
        assert {"drawer", "wall", "replay", "today-390", "area-390", "standup-390"} <= names


def _may_open(role, page):
    return exits._pages[f"dashboard.pages.{page}"].is_open_to(role)


def test_every_picture_of_the_documents_is_one_of_the_tour():
    for chosen in CHOSEN:
        persona = personas()[chosen.persona]
        names = {one.name for one in tour(persona, SHOWN, is_replayed=chosen.data == "simulated")}
        assert chosen.name in names
        kept = ROOT / "docs" / "pictures" / f"{chosen.kept_as}.png"
        assert kept.stat().st_size <= LARGEST


def test_what_is_kept_is_cut_to_its_first_screen_and_what_is_too_large_is_told(tmp_path):
    chosen = CHOSEN[0]
    source = tmp_path / "all" / chosen.data / chosen.persona / f"{chosen.name}.png"
    source.parent.mkdir(parents=True)
    Image.new("RGB", (1366, 3000), "white").save(source)
    assert keep(tmp_path / "all", tmp_path / "kept") == []
    with Image.open(tmp_path / "kept" / f"{chosen.kept_as}.png") as kept:
        assert (kept.size, kept.mode) == ((1366, chosen.height), "P")
    Image.frombytes("L", (600, 600), os.urandom(600 * 600)).save(source)
    (told,) = keep(tmp_path / "all", tmp_path / "kept")
    assert told.startswith(f"{chosen.kept_as}.png has ")


def test_the_contact_sheet_shows_every_picture_and_what_is_wrong_on_it(tmp_path):
    taken = [
        Taken("real", role, "today", tmp_path / "real" / role / "today.png", wrong)
        for role, wrong in (("analyst", []), ("engineer", ['"12" lies over "13"']))
    ]
    sheet = write_sheet(tmp_path, taken).read_text()
    assert "2 pictures" in sheet
    assert 'href="real/analyst/today.png"' in sheet
    assert "&quot;12&quot; lies over &quot;13&quot;" in sheet


def test_without_a_browser_one_sentence_says_what_to_install(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "tests.pictures", "--data", "simulated", "--build", str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"TRIGPOINT_CHROMIUM": "/bin/false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert ran.stderr.startswith("No picture can be taken: there is no Chromium here.")
    assert len(ran.stderr.splitlines()) == 1
