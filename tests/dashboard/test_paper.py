"""Today on paper: one accessible A4 page, the page's own figures, nothing read as code."""

import io
import re
import struct
from pathlib import Path
from typing import Any

import duckdb
import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from dashboard.pages import today
from dashboard.paper import typeset as typesetting
from dashboard.paper.printable import LONGEST, printable
from dashboard.paper.typeset import NotTypeset, typeset
from dashboard.queries.special_causes import MOST
from store import releases
from store.paths import Home
from tests.dashboard.on_paper import flat, words_of
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_england import ENGLAND, HELD_IN_WORDS, HIDDEN, LEICESTER, write_release
from tests.homes import copied

DEATHS = "deaths_28d_by_death_date"
LONDON, NORTH_EAST = "E12000007", "E12000001"
A4 = (595.28, 841.89)
PDF, PNG = "/files/today.pdf", "/files/today.png"


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """England's sheet in the small England."""
    root = tmp_path_factory.mktemp("printed")
    write_release(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIGPOINT_HOME", str(root))
        patch.setenv("TRIGPOINT_SIGN_IN", "demonstration")
        return signed_in().get(PDF).data


def asked(client: FlaskClient, address: str = PDF) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.data


def test_it_is_one_a4_page_with_tags_a_title_and_a_language(sheet: bytes):
    read = PdfReader(io.BytesIO(sheet))
    (page,) = read.pages
    assert [float(side) for side in page.mediabox[2:]] == pytest.approx(A4, abs=0.1)
    root: Any = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert read.metadata and read.metadata.title == "Today in England \u2013 Trigpoint"
    told = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>1<", told)


def kinds(element: Any) -> list[str]:
    """The kinds of a structure element and all below it."""
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    below = element.get("/K", [])
    inner = [kinds(one) for one in (below if isinstance(below, list) else [below])]
    own = [element["/S"]] if "/S" in element else []
    return [*own, *(kind for one in inner for kind in one)]


def test_its_tags_name_headings_tables_and_pictures(sheet: bytes):
    root: Any = PdfReader(io.BytesIO(sheet)).trailer["/Root"]
    found = kinds(root["/StructTreeRoot"])
    assert found.count("/H1") == 1
    assert found.count("/H2") == 3
    assert {"/Table", "/TH", "/Figure", "/Link"} <= {*found}


@pytest.mark.parametrize("area", [ENGLAND, LONDON, LEICESTER])
@pytest.mark.parametrize("moment", ["", "&as_of=2020-07-30"])
def test_each_figure_on_it_is_the_pages(client: FlaskClient, area: str, moment: str):
    told = flat(words_of(asked(client, f"{PDF}?area={area}{moment}")))
    query = {"area": area} | ({"as_of": "2020-07-30"} if moment else {})
    with looking_at("/"):
        page = today.layout(**query)
    cards = every(page, "Li", "card")
    assert cards
    for card in cards:
        (button,) = every(card, "Button", "figure")
        shown = [button.children[0], *(words_in(one) for one in every(card, "P", "when"))]
        shown.append(words_in(every(card, "P", "label")))
        shown.append(words_in(every(card, "P", "change")))
        assert all(flat(one) in told for one in shown), shown
    assert all(sentence in told for sentence in spoken_on(page))
    assert all(flat(words_in(one)) in told for one in every(page, "Figcaption"))
    for table in every(every(page, "Figure", "chart"), "Table"):
        for row in every(table, "Tr")[1:8]:
            (button,) = every(row, "Button", "figure")
            assert flat(button.children[0]) in told


def spoken_on(page: Any) -> list[str]:
    """The sentences on the page as they are read, without what is only heard beside a figure."""
    (lede,) = every(page, "P", "lede")
    parts = [
        part if isinstance(part, str) else (part.children[0] if is_button(part) else part.children)
        for part in lede.children
    ]
    return [flat("".join(parts))]


def is_button(part: Any) -> bool:
    return type(part).__name__ == "Button"


def test_it_says_what_is_disputed_late_and_held(client: FlaskClient):
    told = words_of(asked(client, f"{PDF}?area={LONDON}"))
    with looking_at("/"):
        page = today.layout(area=LONDON)
    said = [words_in(one) for one in every(page, "P") if "differ in London" in words_in(one)]
    assert said and flat(said[0]) in flat(told)
    assert flat("Sources disagree.") in flat(told)
    assert flat(HELD_IN_WORDS) in flat(told)
    assert flat("COVID-19 total announced deaths: newest file refused") in flat(told)


def test_page_and_sheet_say_what_is_judged_and_against_what(client: FlaskClient, sheet: bytes):
    """Headlines by week and short histories have no four weeks before."""
    judged = f"Only what has settled is judged, each against up to {MOST} settled days or weeks"
    assert flat(judged) in flat(words_of(sheet))
    with looking_at("/"):
        assert judged in words_in(today.layout())


def test_days_filling_in_are_marked_shaded_and_expected(client: FlaskClient, sheet: bytes):
    told = flat(words_of(sheet))
    assert "[p]provisional:stillfillingin" in told
    assert "Expectedfinal" in told
    with looking_at("/"):
        page = today.layout()
    notes = [words_in(one) for one in every(every(page, "Figure", "chart"), "P", "small")]
    assert "95 of 100 cases" in notes[0]
    assert flat(notes[0]) in told
    root: Any = PdfReader(io.BytesIO(sheet)).trailer["/Root"]
    assert any("dates are incomplete" in one for one in alternatives(root["/StructTreeRoot"]))


def alternatives(element: Any) -> list[str]:
    element = element.get_object()
    if not isinstance(element, dict):
        return []
    below = element.get("/K", [])
    inner = [alternatives(one) for one in (below if isinstance(below, list) else [below])]
    return [*([element["/Alt"]] if "/Alt" in element else []), *(x for one in inner for x in one)]


def test_it_says_where_it_comes_from_and_leads_back(client: FlaskClient, home: Path):
    release = releases.current(Home(home)).release_id
    read = PdfReader(io.BytesIO(asked(client, f"{PDF}?area={LONDON}")))
    told = flat(words_of(asked(client, f"{PDF}?area={LONDON}")))
    back = f"http://localhost/?release={release}&area={LONDON}"
    assert f"Release{release}" in told
    assert "Asknownat" in told
    assert back in told
    links = [one.get_object()["/A"]["/URI"] for one in read.pages[0]["/Annots"]]
    assert back in links
    figures = [link for link in links if "/figure/" in link]
    assert any("/figure/cases_by_specimen_date.E12000007" in link for link in figures)
    assert all(f"release={release}" in link for link in links)


def test_what_is_hidden_is_not_in_it(client: FlaskClient):
    address = f"{PDF}?area={LEICESTER}&measure={DEATHS}&from=2020-07-15&to=2020-07-21"
    sheet = asked(client, address)
    told = flat(words_of(sheet))
    assert "1to7[c]" in told
    assert "[c]hiddentoprotectprivacy" in told
    figure = client.get(f"/files/figure.json?figure={HIDDEN}").get_json()
    assert figure["figure"]["value"] is None


def test_the_picture_is_the_same_page_and_wide_enough(client: FlaskClient):
    picture = asked(client, PNG)
    assert picture.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", picture[16:24])
    assert width >= 1200
    assert height / width == pytest.approx(A4[1] / A4[0], abs=0.01)


@pytest.mark.parametrize("kind", ["pdf", "png"])
def test_its_name_says_page_area_moment_and_release(client: FlaskClient, home: Path, kind: str):
    release = releases.current(Home(home)).release_id
    answer = client.get(f"/files/today.{kind}?area={LONDON}&as_of=2020-07-30")
    named = answer.headers["Content-Disposition"]
    assert f"today_{LONDON}_as-of-2020-07-30T2359_{release}.{kind}" in named


def test_it_is_of_ones_own_area_and_the_same_each_time():
    regional = signed_in("regional_lead")
    sheet = asked(regional)
    assert flat("Today in London") in flat(words_of(sheet))
    assert asked(regional) == sheet


@pytest.mark.parametrize(
    ("query", "code", "said"),
    [
        ("area=NONSENSE", 404, "There is no area"),
        ("measure=nonsense", 404, "There is no measure"),
        ("as_of=noon", 400, "not a date"),
        ("release=20200101-000000-000", 404, "20200101-000000-000"),
    ],
)
def test_it_is_refused_where_what_is_asked_is_wrong(
    client: FlaskClient, query: str, code: int, said: str
):
    answer = client.get(f"{PDF}?{query}")
    assert answer.status_code == code
    assert said in answer.get_data(as_text=True)


def test_who_may_not_take_a_file_is_neither_given_nor_offered_one():
    assert signed_in("data_protection_officer").get(PDF).status_code == 403
    for persona, ways in (("data_protection_officer", []), ("analyst", ["pdf", "png"])):
        with looking_at("/", persona):
            links = every(every(today.layout(), "Div", "ways"), "A")
        assert [one.href.split("?")[0].removeprefix("/files/today.") for one in links] == ways


def test_an_area_without_a_headline_has_a_sheet_that_says_so(client: FlaskClient):
    assert asked(client, f"{PDF}?as_of=2019-01-01").startswith(b"%PDF")


# Everything that a name or a note could try, and what the fonts do not have.
HOSTILE = (
    '#panic("owned") #read("setting.py") $x$ *b* _i_ `c` \\ "] ) <l> @ref // /* = h\n#import "x"'
    "\u202e\x1b[31m\u6771\U0001f4a9 & <script>"
)


@pytest.fixture
def hostile(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A release of which every text that a file can bring tries to be something else."""
    root = tmp_path / "home"
    copied(home, root)
    [controlled] = root.glob("releases/*/controlled.duckdb")
    with duckdb.connect(str(controlled)) as connection:
        for table, column in (
            ("areas", "area_name"),
            ("metrics", "metric_name"),
            ("metrics", "unit"),
            ("sources", "title"),
            ("sources", "publisher"),
            ("breakers", "sentence"),
        ):
            connection.execute(f"update {table} set {column} = $odd", {"odd": HOSTILE})
    monkeypatch.setenv("TRIGPOINT_HOME", str(root))


def test_names_are_printed_and_never_run(hostile: None):
    sheet = asked(signed_in(), f"{PDF}?area={LONDON}")
    (_,) = PdfReader(io.BytesIO(sheet)).pages
    told = flat(words_of(sheet))
    shown = flat(printable(HOSTILE))
    assert told.count(shown) >= 4
    assert '#panic("owned")' in shown and "\\u202e\\x1b[31m\\u6771" in shown
    assert "PIXELS_PER_INCH" not in told


def test_however_much_there_is_it_stays_one_page(hostile: None, tmp_path: Path):
    [controlled] = (tmp_path / "home").glob("releases/*/controlled.duckdb")
    with duckdb.connect(str(controlled)) as connection:
        for table, column in (("metrics", "metric_name"), ("breakers", "sentence")):
            connection.execute(f"update {table} set {column} = repeat('Wide words ', 300)")
    sheet = asked(signed_in(), f"{PDF}?area={LONDON}")
    assert len(PdfReader(io.BytesIO(sheet)).pages) == 1
    assert "\u2026" in words_of(sheet)


def test_every_character_that_is_let_through_can_be_printed():
    """An accessible PDF is refused for one character without a drawing."""
    let_through = "".join(
        one for one in map(chr, range(0x20, 0x3000)) if printable(f"x{one}x") == f"x{one}x"
    )
    assert {*"\u00e9\u0175\u2212\u25b2\u25bc\u2013\u20ac"} <= {*let_through}
    nothing = {"rows": [], "more": None, "told": let_through}
    told = {
        "title": "Characters",
        "heading": "Characters",
        "bands": [],
        "sentences": [],
        "cards": [],
        "trend": None,
        "disputes": nothing,
        "arrivals": {"told": "", "lines": [], "more": None},
        "marks": None,
        "address": "http://localhost/",
        "release": "",
        "known": "",
        "points": "28",
        "published": [2020, 8, 5],
    }
    assert typeset("today.typ", told, "pdf").startswith(b"%PDF")


def test_a_text_is_cut_where_there_is_no_room_for_it():
    assert len(printable("word " * 1_000)) <= LONGEST
    assert printable("word " * 1_000).endswith("word\u2026")


def test_a_sheet_that_cannot_be_made_is_one_sentence():
    with pytest.raises(NotTypeset, match="could not be made"):
        typeset("there is none.typ", {}, "pdf")
    with pytest.raises(NotTypeset, match="could not be made"):
        typeset("today.typ", {"title": "and nothing else"}, "pdf")


def test_a_sheet_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(typesetting, "LONGEST_S", 0.001)
    answer = signed_in().get(PDF)
    assert answer.status_code == 500
    assert answer.get_data(as_text=True).count(".") == 2
    assert "Traceback" not in answer.get_data(as_text=True)
