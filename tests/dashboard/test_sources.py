"""Whether each source arrived and was right, where sources disagree, and the way back."""

import csv
import io
import re
from pathlib import Path

import duckdb
import pytest

from dashboard.components import squares
from dashboard.components.kept_releases import LONGEST_REASON
from dashboard.pages import conflicts, releases, source, sources, standup, today
from dashboard.queries import source as queries
from dashboard.readers import reader_at
from journal import audit, reading
from journal.audit import AuditNotWritten
from people.personas import personas
from store import releases as kept
from store.lock import writing
from store.paths import Home
from tests.dashboard.placed import every, notes_of, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
from tests.dashboard.small_england import DISPUTED, ENGLAND, EXPLAINED, LEICESTER, write_release
from tests.dashboard.test_security import CALLBACKS, located
from tests.homes import copied

CASES, DEATHS, ANNOUNCED = "phe_cases_vintages", "phe_deaths_csv", "nhse_announced_deaths"
ROLL_BACK = "/sources/releases/roll-back"
WHY = "The cases of Leicester are of another day."


@pytest.fixture(autouse=True)
def in_a_request():
    with looking_at("/sources"):
        yield


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two releases, of which the newer one says something else of one figure."""
    root = tmp_path_factory.mktemp("released") / "home"
    write_release(root, cited=88.0)
    write_release(root, cited=90.0)
    return root


@pytest.fixture
def place(written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TRIGPOINT_HOME", str(copied(written, tmp_path / "home")))
    return Home(tmp_path / "home")


def changed(home: Home, statement: str) -> None:
    """Let the release say something else than what was published."""
    file = kept.controlled_file(home, kept.current(home).release_id)
    with duckdb.connect(str(file)) as connection:
        connection.execute(statement)


def row_of(page, text):
    """The one row of the first table that holds a text."""
    (row,) = [row for row in every(every(page, "Table")[0], "Tr") if text in words_in(row)]
    return row


def letters(row):
    return "".join(words_in(span.children[0]) for span in every(row, "Span", "square"))


def cells(row):
    return [words_in(cell) for cell in every(row, "Td")]


class TestAllSources:
    def test_one_sentence_counts_each_source_once(self):
        lede = words_in(every(sources.layout(), "P", "lede"))
        assert lede == (
            "4 of 6 sources are up to date with the newest file; the newest file of 1 was refused "
            "and a file of 1 is held."
        )

    def test_a_source_says_its_rows_its_quarantine_and_its_disputes(self):
        row = row_of(sources.layout(), "Coronavirus cases in England")
        assert cells(row)[1:5] == ["900", "3", "0", "0"]
        assert "every day 16:00 newest of 16:00 on 5 August 2020" in cells(row)[0]
        other = row_of(sources.layout(), "dashboard extract")
        assert cells(other)[4] == "1"

    def test_a_held_file_comes_before_all_else_that_is_true_of_a_source(self):
        first = every(every(sources.layout(), "Table")[0], "Tr")[1]
        assert "Deaths registered weekly" in words_in(first)
        assert "File held" in words_in(first)
        assert cells(first)[3] == "1"

    def test_each_day_is_a_square_with_a_letter_and_words(self):
        row = row_of(sources.layout(), "total announced deaths")
        assert letters(row) == "......A.....LF"
        assert "Tuesday 4 August 2020: due by 14:00 and late" in words_in(row)
        assert "Tuesday 28 July 2020: Invented bank holiday, nothing due" in words_in(row)

    def test_what_was_not_known_to_be_late_by_then_is_not_said_to_be(self):
        page = sources.layout(as_of="2020-08-04")
        row = row_of(page, "total announced deaths")
        assert "4 August" not in words_in(row)
        assert "L" not in letters(row)
        assert words_in(every(page, "P", "lede")).startswith(
            "5 of 6 sources are up to date with the newest file; a file of 1 is held"
        )

    def test_only_problems_shows_those_and_the_way_back(self):
        page = sources.layout(view="problems")
        assert len(every(every(page, "Table")[0], "Tr")) == 3
        assert "Only the 2 with a problem are shown." in words_in(page)
        assert "Show all sources" in words_in(page)
        assert "Up to date" not in words_in(every(page, "Table")[0])

    def test_another_view_is_noted(self):
        assert "no view \u201cnonsense\u201d" in notes_of(sources.layout(view="nonsense"))

    def test_the_calendar_names_bank_holidays_and_takes_its_days_from_the_address(self):
        page = sources.layout(**{"from": "2020-07-27", "to": "2020-07-29"})
        (grid,) = every(page, "Table", "calendar")
        assert len(every(every(grid, "Thead"), "Th")) == 1 + 3
        row = next(row for row in every(grid, "Tr") if "announced deaths" in words_in(row))
        assert letters(row) == "..A"
        assert "28 July 2020 was Invented bank holiday" in words_in(page)

    def test_a_release_of_before_due_times_opens_without_a_calendar(self, place):
        manifest = kept.folder(place, kept.current(place).release_id) / "manifest.json"
        manifest.write_text(re.sub(r'\n *"due_days": \d+,', "", manifest.read_text()))
        page = sources.layout()
        assert "before due times were kept" in words_in(page)
        assert every(page, "Table", "calendar") == []

    def test_before_anything_was_published_the_page_says_so(self):
        page = sources.layout(as_of="2019-01-01")
        assert "Nothing had been published by then" in words_in(page)

    def test_a_late_source_is_late_by_what_the_breaker_says(self, place):
        changed(
            place,
            f"insert into breakers by name select 'late' as breaker_id, 'warn' as severity, "
            f"'{DEATHS}' as source_id, 'x' as file_sha256, timestamp '2020-08-05' as since, "
            "false as is_let_go, true as is_open, 'late' as sentence",
        )
        page = sources.layout()
        assert "Late" in words_in(row_of(page, "Coronavirus deaths, by area"))
        lede = words_in(every(page, "P", "lede"))
        assert "1 is late, the newest file of 1 was refused and a file of 1 is held." in lede
        of_today = today.layout()
        assert lede in words_in(of_today), "one sentence, and one word for one state"
        for title in ("Coronavirus deaths, by area", "Deaths registered", "announced deaths"):
            state = words_in(every(row_of(page, title), "Span", "badge"))
            assert state in LATE_REFUSED_HELD
            for shown in (of_today, standup.layout(area=ENGLAND)):
                assert states_of(shown, title) == {state}, title
        led = words_in(every(of_today, "P", "lede"))
        assert "sources is late" in led and "No source is late" not in led

    def test_a_file_that_two_breakers_hold_is_one_file(self, place):
        changed(
            place,
            "insert into breakers by name select * replace ('level' as breaker_id, "
            "'The level jumped.' as sentence) from breakers where is_open",
        )
        told = words_in(today.layout())
        assert "One file is held" in told and "The level jumped." in told
        assert "2 files are held" not in told


LATE_REFUSED_HELD = {"Late", "Newest file refused", "File held"}


def states_of(page, title):
    """What a page says of a source, in every row that is about it and not about a figure of it."""
    rows = [row for row in every(page, "Tr") if title in words_in(row)]
    about = [row for row in rows if not every(row, "Button", "figure")]
    return {words_in(every(row, "Span", "badge")) for row in about}


@pytest.mark.parametrize(
    ("found", "letter"),
    [
        ({"held": 1, "arrived": 1}, "H"),
        ({"arrived": 2, "refused": 1, "is_due": True}, "A"),
        ({"refused": 1, "is_late": True}, "F"),
        ({"is_late": True, "is_due": True}, "L"),
        ({"is_due": True}, "W"),
        ({"is_due": True, "is_over": True}, "W"),
        ({"holiday_name": "Good Friday"}, "."),
        ({}, "."),
    ],
)
def test_the_letter_of_a_day_is_the_worst_that_stands(found, letter):
    nothing = dict.fromkeys(
        ("held", "arrived", "refused", "is_late", "is_due", "is_over", "holiday_name"), 0
    )
    assert squares.square(nothing | {"due_time": "16:00"} | found).letter == letter
    assert set(squares.MEANINGS) == set(squares.CLASSES)


class TestOneSource:
    def test_every_file_stands_with_its_checksum_and_verdict(self):
        page = source.layout(source_id=ANNOUNCED)
        (table,) = [t for t in every(page, "Table") if "Verdict" in words_in(t)]
        rows = every(every(table, "Tbody"), "Tr")
        assert len(rows) == 3
        assert "3 files have arrived: 2 landed and 1 refused." in words_in(page)
        assert "The file is a web page, not a workbook." in words_in(rows[0])
        assert all(re.search(r"[0-9a-f]{64}", words_in(row)) for row in rows)

    def test_quarantine_is_told_by_reason_then_by_row(self):
        page = source.layout(source_id=CASES)
        reasons, rows = [
            t for t in every(page, "Table") if "aside" in words_in(t) or "Reason" in words_in(t)
        ]
        assert cells(every(reasons, "Tr")[1]) == ["2", "1"]
        assert "Atlantis" in words_in(every(rows, "Tr")[1])
        assert "all 3 shown" in words_in(rows)

    def test_a_hundred_rows_are_shown_and_all_of_them_counted(self, place):
        changed(
            place,
            f"insert into quarantined by name select q.* replace (100 + n as file_row) "
            f"from quarantined as q, range(200) as numbers (n) "
            f"where source_id = '{DEATHS}'",
        )
        page = source.layout(source_id=DEATHS)
        assert "showing the first 100 of 201" in words_in(page)
        assert words_in(page).count("Atlantis") == 100

    def test_the_file_holds_every_row_of_the_page(self):
        answer = signed_in("engineer").get(f"/files/quarantine/{CASES}.csv")
        found = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
        assert [row["row"] for row in found] == ["7", "8", "9"]
        assert "Atlantis" in found[0]["what it says"]
        assert f"quarantine_{CASES}_as-of-" in answer.headers["Content-Disposition"]

    @pytest.mark.parametrize("name", ["nonsense", "Nonsense", "ons_population"])
    def test_a_file_of_nothing_is_not_made(self, name):
        assert signed_in("engineer").get(f"/files/quarantine/{name}.csv").status_code == 404

    def test_columns_that_appeared_or_went_are_named(self):
        page = source.layout(source_id=CASES)
        (table,) = [t for t in every(page, "Table") if "Appeared" in words_in(t)]
        (row,) = every(every(table, "Tbody"), "Tr")
        assert cells(row) == ["first value", "\u2013"]
        assert "put on the receipt" in words_in(page)

    def test_columns_were_those_that_were_known_by_then(self):
        page = source.layout(source_id=CASES, as_of="2020-07-30")
        assert "No column appeared or went" in words_in(page)

    def test_files_are_compared_with_files_of_their_kind(self, place):
        changed(
            place,
            'update arrivals set published_columns = \'["a", "1 May 2020", "b"]\', '
            f"file_name = 'other.csv' where source_id = '{CASES}' "
            "and published_at = timestamp '2020-07-29 16:00'",
        )
        found = queries.layouts(reader_at(), CASES)
        assert [one.appeared for one in found] == [["first value"]]

    @pytest.mark.parametrize(
        "before",
        [
            "update arrivals set published_columns = ''",
            "alter table arrivals drop column published_columns",
        ],
    )
    def test_what_no_receipt_says_is_not_guessed(self, place, before):
        changed(place, before)
        assert "No file of this source has headings" in words_in(source.layout(source_id=CASES))

    def test_a_breaker_stands_with_the_rows_that_tripped_it(self):
        page = words_in(source.layout(source_id="ons_weekly_deaths"))
        assert "1 breaker is open and holds a file." in page
        assert "settled days are ten times what they were" in page
        assert "Cases by specimen date: total is 16,000 in place of 1,600" in page

    def test_an_unknown_source_is_not_there(self):
        answer = signed_in().get("/sources/nonsense")
        assert answer.status_code == 404
        assert "There is no source nonsense here." in words_in(source.layout(source_id="nonsense"))
        assert signed_in().get(f"/sources/{CASES}").status_code == 200
        assert signed_in().get("/sources/conflicts").status_code == 200

    def test_what_is_not_told_outside_an_area_is_said_in_place_of_the_row(self, place):
        """A release holds no row text of a source that is not public; the page says why."""
        changed(
            place,
            f"update quarantined set row_text = 'not told outside the area' "
            f"where source_id = '{CASES}'",
        )
        page = words_in(source.layout(source_id=CASES))
        assert page.count("not told outside the area") == 3
        assert "Atlantis" not in page


class TestConflicts:
    def test_a_row_says_who_is_followed_who_is_not_and_why(self):
        page = conflicts.layout()
        rows = every(every(every(page, "Table")[0], "Tbody"), "Tr")
        assert len(rows) == 2
        told = words_in(rows[0])
        assert (
            every(rows[0], "Button", "figure")[0].to_plotly_json()["props"]["data-figure"]
            == DISPUTED
        )
        assert "London" in told
        assert DEATHS in told
        assert "ukhsa_dashboard_json" in told
        assert cells(rows[0])[3].startswith("4 ")
        assert "Statistics team" in told
        assert "The publisher's own file of this definition" in words_in(every(page, "Section"))

    def test_the_unexplained_come_first_and_both_are_counted(self):
        page = conflicts.layout()
        assert words_in(every(page, "P", "lede")) == (
            "1 figure is in dispute; of 1 more a recorded event says why the sources differ, about "
            "2 measures."
        )
        assert "Difference explained" in words_in(every(every(page, "Tbody")[0], "Tr")[1])

    def test_a_measure_can_be_chosen(self):
        page = conflicts.layout(measure="cases_by_specimen_date")
        (row,) = every(every(page, "Tbody")[0], "Tr")
        assert EXPLAINED in str(row.to_plotly_json())
        assert notes_of(page) == ""
        assert "population" in notes_of(conflicts.layout(measure="population"))

    def test_the_age_runs_to_the_newest_publication(self, place):
        changed(
            place,
            "update figures set disagreed_from = timestamp '2020-07-29 16:00' "
            f"where figure_id = '{EXPLAINED}'",
        )
        rows = every(every(conflicts.layout(), "Tbody")[0], "Tr")
        assert cells(rows[0])[4] == "less than a day since 16:00 on 5 August 2020"
        assert cells(rows[1])[4] == "7 days since 16:00 on 29 July 2020"

    def test_at_a_past_moment_only_what_was_known_stands(self):
        page = conflicts.layout(as_of="2020-08-01")
        assert "No two sources give different values" in words_in(page)

    def test_the_file_holds_the_figures_of_the_page(self):
        answer = signed_in("engineer").get("/files/conflicts.csv")
        found = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
        assert [row["figure"] for row in found] == [DISPUTED, EXPLAINED]
        assert float(found[0]["other value"]) - float(found[0]["value"]) == 4
        chosen = signed_in("engineer").get("/files/conflicts.csv?measure=cases_by_specimen_date")
        assert EXPLAINED in chosen.get_data(as_text=True)
        assert DISPUTED not in chosen.get_data(as_text=True)
        assert signed_in("engineer").get("/files/conflicts.csv?measure=x1").status_code == 404


def posted(client, to, because=WHY, **more):
    return client.post(ROLL_BACK, data={"to": to, "because": because} | more, headers=HERE)


def asked_for(home):
    found = reading.questions(home)
    return found.filter(found["question"].str.starts_with("roll back to"))


class TestReleases:
    def test_each_says_what_changed_and_which_is_shown(self, place):
        page = releases.layout()
        newer, older = every(every(every(page, "Table")[0], "Tbody"), "Tr")
        assert "Shown now" in words_in(newer)
        assert cells(newer)[2] == "1"
        assert "first value" in cells(newer)[3]
        assert cells(older)[2] == "first release"
        assert "1 file held" in cells(newer)[4]

    def test_what_was_published_later_is_left_out_of_a_past_moment(self, place):
        page = releases.layout(as_of="2020-08-06")
        assert "No release that is kept had been published by then." in words_in(page)

    @pytest.mark.parametrize("persona", personas())
    def test_only_an_engineer_sees_the_button(self, place, persona):
        told = signed_in(persona).post(CALLBACKS, json=located("/sources/releases", ""))
        is_engineer = personas()[persona].role == "engineer"
        assert ("Roll back to this release" in told.get_data(as_text=True)) == is_engineer

    @pytest.mark.parametrize("persona", personas())
    def test_only_an_engineer_can_go_back(self, place, persona):
        first, last = (one.release_id for one in kept.kept(place))
        answer = posted(signed_in(persona), first)
        is_engineer = personas()[persona].role == "engineer"
        assert answer.status_code == (200 if is_engineer else 403)
        assert kept.current(place).release_id == (first if is_engineer else last)

    def test_it_says_what_happened_and_the_pages_follow(self, place):
        first, last = (one.release_id for one in kept.kept(place))
        answer = posted(signed_in("engineer"), first).get_data(as_text=True)
        assert f"Everybody sees release <strong>{first}</strong> now" in answer
        assert f"Before, release {last} was shown" in answer
        assert WHY in answer
        page = words_in(releases.layout())
        assert "although 1 published later is kept" in page

    def test_it_is_on_the_audit_with_its_reason_before_it_is_done(self, place, monkeypatch):
        first, _ = (one.release_id for one in kept.kept(place))
        seen = []

        def watched(home, release_id):
            seen.append(asked_for(home).rows(named=True))
            return rollback(home, release_id)

        rollback = kept.rollback
        monkeypatch.setattr(kept, "rollback", watched)
        posted(signed_in("engineer"), first)
        ((before,),) = seen
        assert before["question"] == f"roll back to {first}, because: {WHY}"
        assert before["outcome"] is None
        (after,) = asked_for(place).rows(named=True)
        assert (after["outcome"], after["release_id"], after["role"]) == (
            "given",
            first,
            "engineer",
        )

    def test_what_cannot_be_put_on_the_audit_is_not_done(self, place, monkeypatch):
        first, last = (one.release_id for one in kept.kept(place))
        ask = audit.ask

        def fails(home, asker, question):
            if question.question.startswith("roll back to"):
                raise AuditNotWritten("the disk is full")
            return ask(home, asker, question)

        client = signed_in("engineer")
        monkeypatch.setattr(audit, "ask", fails)
        assert posted(client, first).status_code == 503
        assert kept.current(place).release_id == last

    @pytest.mark.parametrize(
        ("to", "because", "said"),
        [
            ("first", " ", "say why, in a sentence"),
            ("first", "x" * (LONGEST_REASON + 1), "300 letters at most"),
            ("", WHY, "say which release"),
            ("../../etc/passwd", WHY, "say which release"),
            ("20200101-000000-000", WHY, "is not kept"),
        ],
    )
    def test_without_a_reason_or_a_release_nothing_is_done(self, place, to, because, said):
        first, last = (one.release_id for one in kept.kept(place))
        answer = posted(signed_in("engineer"), first if to == "first" else to, because)
        assert answer.status_code == 400
        assert said in answer.get_data(as_text=True)
        assert f"Release <strong>{last}</strong> is still shown" in answer.get_data(as_text=True)
        assert kept.current(place).release_id == last

    def test_a_command_that_writes_is_not_disturbed(self, place):
        first, last = (one.release_id for one in kept.kept(place))
        client = signed_in("engineer")
        with writing(place):
            answer = posted(client, first)
        assert answer.status_code == 409
        assert "another trigpoint command is writing" in answer.get_data(as_text=True)
        assert kept.current(place).release_id == last
        (entry,) = asked_for(place).rows(named=True)
        assert "another trigpoint command" in entry["outcome"]

    def test_a_damaged_release_is_not_shown(self, place):
        first, last = (one.release_id for one in kept.kept(place))
        kept.controlled_file(place, first).write_bytes(b"damaged")
        answer = posted(signed_in("engineer"), first)
        assert answer.status_code == 409
        assert kept.current(place).release_id == last

    def test_another_site_cannot_press_the_button(self, place):
        first, last = (one.release_id for one in kept.kept(place))
        client = signed_in("engineer")
        client.environ_base.pop("HTTP_X_TRIGPOINT_FORM")
        assert posted(client, first).status_code == 403
        assert kept.current(place).release_id == last

    def test_a_reason_is_written_out_and_not_run(self, place):
        first, _ = (one.release_id for one in kept.kept(place))
        answer = posted(signed_in("engineer"), first, "<script>alert(1)</script>")
        assert "<script>alert(1)" not in answer.get_data(as_text=True)

    def test_a_release_of_before_says_that_it_does_not_know(self, place):
        manifest = kept.folder(place, kept.current(place).release_id) / "manifest.json"
        told = re.sub(r',\n *"changes": \{.*\}\n\}', "\n}", manifest.read_text(), flags=re.DOTALL)
        assert told != manifest.read_text()
        manifest.write_text(told)
        assert "not known" in words_in(releases.layout())


def test_an_area_of_a_conflict_leads_to_its_page():
    assert f"/areas/{LEICESTER}" not in str(conflicts.layout().to_plotly_json())
    assert "/areas/E12000007" in str(conflicts.layout().to_plotly_json())
