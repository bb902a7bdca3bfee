"""The Governance page: what it says of real releases, agreements, people and a real journal."""

import csv
import io
import re
import shutil
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from sqlalchemy import text

from dashboard import audited, governing
from dashboard.components import hidden
from dashboard.components.audit import A_PAGE
from dashboard.pages import governance, your_record
from journal import audit, reading
from journal.audit import Asker, Given, Question
from journal.engine import journal_of
from journal.reading import Wanted
from people import accounts
from people.accounts import Known
from people.roles import roles
from store import agreements, releases
from store.disclosure import proof
from store.paths import Home
from tests.dashboard.placed import every, notes_of, parts, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
from tests.dashboard.small_england import write_release
from tests.dashboard.test_security import CALLBACKS, located
from tests.homes import copied

OURS = Path(__file__).parents[2] / "agreements"
OFFICER = "data_protection_officer"
OTHERS = sorted({*roles()} - {OFFICER})
EVE = Asker("local|eve", "analyst", "E92000001")
ODD = "=cmd|' /C calc'!A1 <script>alert(1)</script> \u202eabc"
FILES = ("register.html", "register.csv", "record-of-processing.html", "record-of-processing.csv")


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("governed") / "home"
    write_release(root)
    return root


@pytest.fixture
def place(written: Path, tmp_path: Path, monkeypatch) -> Home:
    """A home of each test's own: what stands on its audit is what the test put there."""
    root = copied(written, tmp_path / "home")
    monkeypatch.setenv("TRIGPOINT_HOME", str(root))
    return Home(root)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    shutil.copytree(OURS, tmp_path / "agreements")
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    return tmp_path / "agreements"


@pytest.fixture
def officer(place: Home):
    return signed_in(OFFICER)


def shown(**query: str):
    """The page as the officer sees it."""
    with looking_at("/governance", OFFICER):
        return governance.layout(**query)


def section(page, place: str):
    return next(part for part in every(page, "Section") if getattr(part, "id", None) == place)


def rows_of(page, place: str) -> list[list[str]]:
    """The rows of the table of a section, each cell as text."""
    (table,) = every(section(page, place), "Table")
    body = every(table, "Tbody")
    return [[words_in(cell) for cell in row.children] for row in every(body, "Tr")]


def links(page, place: str) -> dict[str, str]:
    return {words_in(one): one.href for one in every(section(page, place), "A")}


def asked_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def read(answer) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))


def content(client, path: str) -> str:
    return client.post(CALLBACKS, json=located(path, "")).get_data(as_text=True)


def ask(home: Home, count: int, person: str = "local|eve", exit_: str = "csv") -> None:
    for number in range(count):
        asker = Asker(person, "analyst", "E92000001")
        audit.ask(home, asker, Question(exit_, f"/files/{number}.csv")).given(Given(number))


class TestPage:
    def test_has_five_sections_with_headings_and_places_that_its_links_lead_to(self, place):
        page = shown()
        headings = [words_in(one) for one in every(page, "H2")]
        assert headings == list(governance.SECTIONS.values())
        (contents,) = every(page, "Nav", "contents")
        assert [one.href for one in every(contents, "A")] == [f"#{p}" for p in governance.SECTIONS]
        ids = [part.id for part in parts(page) if getattr(part, "id", None)]
        assert len(ids) == len({*ids})
        opened = [one.href for one in every(section(page, "agreements"), "A") if "#" in one.href]
        assert {href.removeprefix("#") for href in opened} <= {*ids}

    def test_answers_before_the_first_release(self, tmp_path, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
        page = shown(outcome="nonsense")
        assert "Nothing has been published" in words_in(section(page, "hidden"))
        assert len(rows_of(page, "agreements")) == 5
        assert "nonsense" in notes_of(page)

    @pytest.mark.parametrize("persona", OTHERS)
    def test_is_shut_to_every_other_role_which_is_told_whom_to_ask(self, place, persona):
        client = signed_in(persona)
        refused = client.get("/governance")
        assert refused.status_code == 403
        assert "Ask whoever gives out access" in refused.get_data(as_text=True)
        assert client.post(CALLBACKS, json=located("/governance", "")).status_code == 403
        assert client.post("/governance/check", headers=HERE).status_code == 403
        for name in (*FILES, "audit.csv", "access.csv"):
            answer = client.get(f"/files/{name}")
            assert answer.status_code == 403
            assert "Ask whoever gives out access" in answer.get_data(as_text=True)
        assert "governance" not in content(client, "/areas")

    def test_is_in_the_header_of_the_officer(self, officer):
        assert "governance" in content(officer, "/areas")


class TestAgreements:
    def change(self, folder: Path, name: str, **lines: str) -> None:
        path = folder / f"{name}.toml"
        told = path.read_text()
        for field, value in lines.items():
            told = re.sub(rf"(?m)^{field} = .*$", f"{field} = {value}", told)
        path.write_text(told)

    def test_what_needs_somebody_comes_first_and_says_so_in_words(self, place, folder):
        today = agreements.today()
        self.change(folder, "open_government", expires=str(today + timedelta(days=12)))
        self.change(folder, "local_returns", expires=str(today - timedelta(days=3)))
        unsigned = (folder / "open_attribution.toml").read_text().split("[sign_offs.legal]")
        rest = unsigned[1].split("[sign_offs.clinical]")[1]
        (folder / "open_attribution.toml").write_text(f"{unsigned[0]}[sign_offs.clinical]{rest}")
        page = shown()
        found = [(row[1], row[2], row[5]) for row in rows_of(page, "agreements")]
        assert [state for state, _, _ in found] == [
            *("Ended", "Not signed", "Ends soon", "Holds", "Holds")
        ]
        assert found[0][1].startswith("3 days ago")
        assert found[2][1].startswith("In 12 days")
        assert found[1][2] == "Not signed for legal"
        told = words_in(section(page, "agreements"))
        assert "2 agreements allow nothing" in told
        assert "1 ends within 30 days" in told
        assert "Legal Not signed" in told
        assert "Security Trigpoint project, 5 January 2026" in told

    def test_everything_that_it_says_is_there(self, place, folder):
        told = words_in(section(shown(), "agreements"))
        for one in agreements.read(folder).values():
            for said in (one.title, one.controller.name, one.legal_basis, one.retention):
                assert said in told
            assert all(text in told for text in (*one.purposes, *one.sources, *one.columns))
            assert all(text in told for text in (*one.recipients, *one.audiences_in_words))
            assert one.transfers in told

    def test_a_file_that_cannot_be_read_is_named(self, place, folder):
        (folder / "broken.toml").write_text("title = ")
        told = words_in(section(shown(), "agreements"))
        assert "Allows nothing: agreements/broken.toml cannot be read" in told

    @pytest.mark.parametrize("name", FILES)
    def test_the_registers_are_the_files_of_the_command(self, officer, folder, name):
        (folder / "hospital_extracts.toml").unlink()
        answer = officer.get(f"/files/{name}")
        assert answer.status_code == 200
        assert answer.mimetype == ("text/csv" if name.endswith("csv") else "text/html")
        assert f"_{agreements.today()}." in answer.headers["Content-Disposition"]
        told = answer.get_data(as_text=True)
        assert "local_returns" in told
        assert "hospital_extracts" not in told

    def test_each_opt_out_says_what_it_means_or_why_none_applies(self, place, folder):
        self.change(folder, "hospital_extracts", opt_out='"national_data_opt_out"')
        page = shown()
        by_title = {row[0]: row[1:] for row in rows_of(page, "opt-outs")}
        regime, applied, means, _ = by_title["Extract of hospital admissions by area of residence"]
        assert regime == "National Data Opt-out"
        assert applied == "Nobody said: its sources are left out"
        assert "taken out of the records before they are counted" in means
        regime, applied, means, covers = by_title["Returns of local bodies"]
        assert (regime, applied) == ("Not applicable", "Nobody has to")
        assert "published already" in means
        assert "no person can be told from them" in covers
        assert "1 of 5 agreements names an opt-out" in words_in(section(page, "opt-outs"))


class TestHidden:
    @pytest.fixture
    def guarded(self, simulated_home: Home, monkeypatch) -> Home:
        monkeypatch.setenv("TRIGPOINT_HOME", str(simulated_home.root))
        return simulated_home

    def test_figures_are_counted_by_stage_as_they_were_put_down(self, guarded):
        found = proof.read(releases.folder(guarded, releases.current(guarded).release_id))
        counted = dict(found.group_by("shown").len().iter_rows())
        page = shown()
        rows = rows_of(page, "hidden")
        assert {row[2]: int(row[4].replace(",", "")) for row in rows} == counted
        assert {row[0] for row in rows} == {"Hospital admissions by area of residence"}
        assert [row[1].split(":")[0] for row in rows] == ["First", "Second", "Second"]
        told = words_in(section(page, "hidden"))
        assert f"{found.height:,} figures do not show their number" in told
        assert f"{counted['1 to 7']:,} because the count is small" in told
        assert "Counts of 1 to 7 are hidden." in told

    def test_where_nothing_is_hidden_there_is_a_sentence_and_no_empty_table(self):
        nothing = pl.DataFrame(schema={"stage": pl.String, "figures": pl.Int64})
        assert hidden.told(nothing) == (
            "Every figure of this release shows its number: none had to be hidden."
        )
        assert hidden.listed(nothing) == []

    def test_no_cell_and_no_interval_is_on_the_page(self, guarded):
        """The officer sees no exact figures, and bounds beside an area would come close to them."""
        heads = [words_in(one) for one in every(section(shown(), "hidden"), "Th")[:6]]
        assert heads == ["Measure", "Stage", "Shown as", "Why", "Figures", "Fewest counts left"]
        assert not re.search(r"\bE\d{8}\b", words_in(every(section(shown(), "hidden"), "Table")))
        assert all(int(row[5].replace(",", "")) >= 7 for row in rows_of(shown(), "hidden"))

    def test_a_proof_that_is_damaged_is_said_and_the_rest_of_the_page_stands(
        self, guarded, tmp_path, monkeypatch
    ):
        home = Home(copied(guarded.root, tmp_path / "damaged"))
        monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
        release_id = releases.current(home).release_id
        (releases.folder(home, release_id) / proof.FILE).write_bytes(b"PAR1 and nothing more")
        page = shown()
        (said,) = every(section(page, "hidden"), "P", "wrong")
        assert f"The proof of release {release_id}" in words_in(said)
        assert len(rows_of(page, "agreements")) == 5

    def test_a_kept_release_can_be_chosen(self, place):
        first = releases.current(place).release_id
        second = write_release(place.root).release_id
        for chosen in (first, second):
            page = shown(release=chosen)
            (choice,) = [one for one in every(page, "Div", "native") if _name(one) == "release"]
            assert getattr(choice, "data-value") == chosen
            assert all(one in getattr(choice, "data-options") for one in (first, second))
        gone = shown(release="20200101-000000-000")
        assert "no longer kept" in words_in(every(gone, "Div", "past"))

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"expires": "2026-02-01"}, "withheld from everybody: no agreement holds for it"),
            ({"everyone": '"nothing"'}, "withheld from the role in which you look: its agreement"),
        ],
    )
    def test_a_source_that_is_withheld_is_named_with_the_reason(self, place, folder, changed, said):
        path = folder / "open_government.toml"
        for field, value in changed.items():
            path.write_text(re.sub(rf"(?m)^{field} = .*$", f"{field} = {value}", path.read_text()))
        told = words_in(section(shown(), "hidden"))
        assert f"Values of the source phe_cases_vintages are {said}" in told
        assert "Hidden(" not in told

    def test_where_everything_is_public_it_says_so(self, place):
        assert "Everything in this release is public" in words_in(section(shown(), "hidden"))


def _name(control) -> str:
    return str(getattr(control, "data-name"))


class TestAudit:
    def test_the_newest_is_first_with_what_became_of_it(self, place):
        audit.ask(place, EVE, Question("csv", "/files/a.csv", ["E06000016"], ["cases"])).given(
            Given(1234)
        )
        audit.ask(place, EVE, Question("page", "/areas/x")).refused("404 NOT FOUND")
        audit.ask(place, EVE, Question("page", "/")).is_open = False
        page = shown()
        rows = rows_of(page, "audit")
        assert [row[-1] for row in rows] == [
            "No answer on record",
            "Refused: 404 NOT FOUND",
            "Answered",
        ]
        last = rows[2]
        assert "local|eve" in last[1] and "Analyst, E92000001" in last[1]
        assert last[2] == "/files/a.csv CSV file"
        assert last[3:5] == ["E06000016 cases", "1,234"]
        assert "3 questions are on the audit" in words_in(section(page, "audit"))

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"person": "local|eve"}, 5),
            ({"person": "local|bob"}, 3),
            ({"person": "local|nobody"}, 0),
            ({"exit": "page"}, 3),
            ({"outcome": "refused"}, 1),
            ({"outcome": "none"}, 0),
            ({"from": "2000-01-01", "to": "2000-01-02"}, 0),
            ({"from": str(agreements.today())}, 9),
            ({"person": "local|bob", "exit": "csv"}, 0),
        ],
    )
    def test_filters_choose_and_the_file_holds_what_they_choose(self, place, query, count):
        ask(place, 5)
        ask(place, 3, "local|bob", "page")
        audit.ask(place, Asker("root", "local account", "everybody"), Question("sql", "x")).refused(
            "no"
        )
        page = shown(**query)
        rows = rows_of(page, "audit") if count else []
        assert len(rows) == count
        told = words_in(section(page, "audit"))
        assert f"{count or 'No'} question" in told or count == 9
        assert "of 9 on the audit" in told
        address = links(page, "audit")["CSV of all that is chosen"]
        assert asked_of(address) == query
        entries = [int(re.sub(r".*entry |,", "", row[0])) for row in rows]
        held = read(signed_in(OFFICER).get(address))
        assert [int(row["entry_id"]) for row in held if OFFICER not in row["person"]] == entries

    def test_pages_of_a_hundred_lead_on_until_every_entry_was_seen(self, place):
        ask(place, 230)
        seen: list[str] = []
        page = shown()
        while True:
            rows = [words_in(row[0]) for row in rows_of(page, "audit")]
            assert len(rows) <= A_PAGE
            seen += rows
            older = links(page, "audit").get("Older entries")
            if older is None:
                break
            ask(place, 1)
            page = shown(**asked_of(older))
            assert "Newest entries" in links(page, "audit")
        assert len(seen) == len({*seen}) == 230

    def test_an_export_is_on_the_audit_with_its_rows(self, officer, place):
        ask(place, 3)
        rows = read(officer.get("/files/audit.csv?person=local%7Ceve"))
        assert len(rows) == 3
        last = reading.found(place, Wanted(), most=1).row(0, named=True)
        assert last["question"] == "/files/audit.csv?person=local%7Ceve"
        assert (last["person"], last["exit"]) == (f"demonstration|{OFFICER}", "csv")
        assert (last["outcome"], last["rows"]) == ("given", 3)

    def test_an_export_that_cannot_be_audited_is_not_given(self, officer, place):
        ask(place, 3)
        head = place.audit_head.read_text()
        for address in ("/files/audit.csv", "/files/access.csv", "/files/register.csv"):
            place.audit_head.write_text("nothing of the kind\n")
            answer = officer.get(address)
            assert answer.status_code == 503
            assert answer.get_data(as_text=True) == audited.REFUSAL
        place.audit_head.write_text(head)

    def test_odd_texts_are_text_on_the_page_and_harmless_in_the_file(self, officer, place):
        audit.ask(place, EVE, Question("page", ODD)).refused("@sum(1)")
        audit.ask(place, EVE, Question("page", "x" * 5000))
        (long, odd) = rows_of(shown(), "audit")
        assert odd[2].startswith(ODD.replace("\u202e", "\\u202e"))
        assert long[2].startswith("x" * 300 + "\u2026 (5,000 characters)")
        rows = read(officer.get("/files/audit.csv?person=local%7Ceve"))
        assert [row["question"] for row in rows] == ["x" * 5000, f"'{ODD}"]
        assert rows[1]["outcome"] == "'@sum(1)"

    @pytest.mark.parametrize(
        "query",
        ["outcome=maybe", "before=-1", "before=1e9", "person=a&person=b", "exit=%00", "as-of=1"],
    )
    def test_what_is_wrong_is_noted_on_the_page_and_refused_as_a_file(self, officer, query):
        answer = officer.post(CALLBACKS, json=located("/governance", f"?{query}"))
        assert "It was left out." in answer.get_data(as_text=True)
        refused = officer.get(f"/files/audit.csv?{query}")
        assert refused.status_code == 400
        assert len(refused.get_data(as_text=True).strip().splitlines()) == 1

    def test_a_file_of_very_many_is_refused_and_says_what_to_do(self, officer, place, monkeypatch):
        monkeypatch.setattr(governing, "MOST_EXPORTED", 4)
        ask(place, 5)
        refused = officer.get("/files/audit.csv?person=local%7Ceve")
        assert refused.status_code == 400
        assert "5 questions, and a file takes 4 at most. Choose fewer days." in refused.get_data(
            as_text=True
        )
        fewer = officer.get("/files/audit.csv?person=local%7Ceve&to=2000-01-01")
        assert read(fewer) == []
        assert officer.get("/files/audit.csv?before=9").status_code == 400

    def test_a_check_is_made_when_it_is_asked_for_and_stands_until_the_next(self, officer, place):
        ask(place, 3)
        assert "Nobody has checked" in words_in(section(shown(), "audit"))
        answer = officer.post("/governance/check", headers=HERE)
        assert (answer.status_code, answer.location) == (303, "/governance#audit")
        assert "Whole up to entry 7, checked at" in words_in(section(shown(), "audit"))
        ask(place, 1)
        assert "3 entries were added since" in words_in(section(shown(), "audit"))
        assert reading.found(place, Wanted(exit="action"))["question"].to_list() == [
            "/governance/check"
        ]

    def test_a_break_is_said_where_it_is(self, officer, place):
        ask(place, 3)
        with journal_of(place).writing() as session:
            session.execute(text("drop trigger audit_never_changed"))
            session.execute(text("update audit set person = 'local|bob' where entry_id = 2"))
        officer.post("/governance/check", headers=HERE)
        (said,) = every(section(shown(), "audit"), "P", "wrong")
        assert "The audit is broken at entry 2: what it says is not what was written." in words_in(
            said
        )
        assert said.role == "alert"

    def test_a_check_needs_the_token_of_its_session_and_is_limited(self, officer, monkeypatch):
        token = officer.environ_base.pop("HTTP_X_TRIGPOINT_FORM")
        assert officer.post("/governance/check", headers=HERE).status_code == 403
        monkeypatch.setenv("TRIGPOINT_EXPORTS_A_MINUTE", "1")
        told = {"trigpoint_form": token}
        assert officer.post("/governance/check", headers=HERE, data=told).status_code == 303
        assert officer.post("/governance/check", headers=HERE, data=told).status_code == 429

    def test_nothing_on_the_page_can_change_an_entry(self, place):
        ask(place, 2)
        forms = [(one.action, one.method) for one in every(section(shown(), "audit"), "Form")]
        assert {*forms} <= {("/governance#audit", "GET"), ("/governance/check", "POST")}


class TestAccess:
    def test_everybody_is_listed_and_who_does_not_look_comes_first(self, officer, place):
        accounts.enter(place, Known("local|=zoe", "=Zoe", "analyst", "E92000001"))
        accounts.enter(place, Known("local|old", "Old Hand", "engineer", "E92000001"))
        accounts.remove(place, "local|old")
        page = shown()
        rows = rows_of(page, "access")
        assert [row[0].split(" local")[0].split(" demonstration")[0] for row in rows] == [
            "=Zoe",
            "Helen Ward",
            "Old Hand",
        ]
        assert rows[0][5:] == ["Never used", "0", "0", "exact in their scope"]
        assert rows[1][6:] == ["1", "0", "as everybody sees them"]
        assert "Removed" in rows[2][5]
        told = words_in(section(page, "access"))
        assert "2 people may look: 1 never did, and 0 did not for 90 days or longer." in told

    def test_its_file_holds_the_same_people_and_is_audited(self, officer, place):
        accounts.enter(place, Known("local|=zoe", "=Zoe", "analyst", "E92000001"))
        rows = read(officer.get(links(shown(), "access")["CSV"]))
        assert [row["name"] for row in rows] == ["'=Zoe", "Helen Ward"]
        assert rows[0]["last_seen_at"] == ""
        last = reading.found(place, Wanted(), most=1).row(0, named=True)
        assert (last["question"], last["rows"]) == ("/files/access.csv", 2)


class TestYourRecord:
    @pytest.mark.parametrize("persona", sorted(roles()))
    def test_everybody_sees_their_own_entries_and_nobody_elses(self, place, persona):
        own = f"demonstration|{persona}"
        ask(place, 3)
        ask(place, 2, own)
        with looking_at("/your-record", persona):
            page = your_record.layout(person="local|eve")
        assert len(rows_of(page, "audit")) == 2
        assert "local|eve" not in words_in(page)
        assert "2 of your 2 questions" in words_in(page)
        heads = [words_in(one) for one in every(page, "Th")[:6]]
        assert "Who" not in heads

    def test_it_goes_on_by_page_and_day(self, place):
        ask(place, 120, "demonstration|analyst")
        with looking_at("/your-record", "analyst"):
            first = your_record.layout()
            rest = your_record.layout(**asked_of(links(first, "audit")["Older entries"]))
            past = your_record.layout(to="2000-01-01")
        assert (len(rows_of(first, "audit")), len(rows_of(rest, "audit"))) == (100, 20)
        assert "You asked nothing on these days." in words_in(past)

    def test_the_header_of_every_page_leads_to_it(self, place):
        client = signed_in("local_official")
        assert "your-record" in content(client, "/areas")
        assert client.get("/your-record").status_code == 200

    def test_it_needs_no_release(self, tmp_path, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
        with looking_at("/your-record", "local_official"):
            assert "You asked nothing" in words_in(your_record.layout())


def test_rows_that_the_journal_gives_are_counted_on_the_audit(officer, place):
    ask(place, 30)
    officer.post(CALLBACKS, json=located("/governance", ""))
    last = reading.found(place, Wanted(exit="callback"), most=1).row(0, named=True)
    # Thirty entries, the question itself, and the one person of the review.
    assert last["outcome"] == "given"
    assert last["rows"] >= 32
