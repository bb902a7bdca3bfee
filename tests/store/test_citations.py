"""Citations: written and read back for ever, to the same number while the release is kept."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import releases, showings
from store.citations import Citation, parse
from store.errors import NoRelease, TrigpointError, WrongUse
from store.exports import document_to_json
from store.figure_document import document
from store.paths import Home
from store.reader import Reader, open_reader
from tests.dashboard.small_england import (
    CITED,
    CORRECTED,
    DISPUTED,
    EXPLAINED,
    HIDDEN,
    WITHDRAWN,
    write_release,
)

RELEASE = "20261123-052259-128"
Asking = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, list[str]]:
    """Four releases of which the first is pruned; the cited figure is 90, 95, 95 and as counted."""
    root = tmp_path_factory.mktemp("cited")
    values = (90.0, 95.0, 95.0, None)
    return Home(root), [write_release(root, cited=value).release_id for value in values]


@pytest.fixture(scope="module")
def ask(released: tuple[Home, list[str]]) -> Asking:
    home, _ = released

    def asking(named: str, as_of: datetime | None = None) -> dict[str, Any]:
        def opened(moment: datetime | None, release_id: str | None) -> Reader:
            return open_reader(home, as_of=moment, release_id=release_id)

        return document(opened, named, as_of)

    return asking


@given(
    st.from_regex(r"[a-z][a-z0-9_]{4,40}\.[A-Z0-9]{3,9}\.[a-z0-9_\-+]?all", fullmatch=True).map(
        lambda cell: cell.replace("+", "-") + ".2020-07-30"
    ),
    st.from_regex(releases.RELEASE_ID, fullmatch=True),
)
def test_a_citation_is_read_from_the_right_as_it_was_written(figure_id: str, release_id: str):
    written = str(Citation(figure_id, release_id))
    assert parse(written) == parse(f" {written}\n") == Citation(figure_id, release_id)


def test_a_figure_whose_name_ends_like_a_release_keeps_its_name():
    figure_id = f"m.A.all.2020-05-01-{RELEASE}"
    assert parse(f"TP-{figure_id}-{RELEASE}") == Citation(figure_id, RELEASE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "TP-",
        f"TP--{RELEASE}",
        f"TP-{CITED}",
        f"TP-{CITED}-",
        f"TP-{CITED}-2026",
        f"TP-{CITED}-current",
        f"TP-{CITED}-{RELEASE}/..",
        f"TP-{CITED}-{RELEASE[:-1]}٣",
        f"tp-{CITED}-{RELEASE}",
        f"TP-../../etc/passwd-{RELEASE}",
        f"TP-//evil.example/{CITED}-{RELEASE}",
        f"TP-{CITED}\n{CITED}-{RELEASE}",
        f"TP-{'x' * 201}-{RELEASE}",
    ],
)
def test_what_is_no_citation_is_refused_with_the_form_of_one(text: str):
    with pytest.raises(WrongUse, match="is no citation; one is written as TP-"):
        parse(text)


def test_the_passport_of_a_figure_is_whole(ask: Asking, released: tuple[Home, list[str]]):
    found = ask(EXPLAINED)
    assert found["citation"] == f"TP-{EXPLAINED}-{released[1][-1]}"
    assert found["cell"]["area_name"] == "England"
    assert found["definition"]["not_counted"].startswith("People who were ill")
    assert found["winner"]["publisher"] == "Public Health England"
    assert found["rule"]["rule_reason"].startswith("The publisher's own file")
    file = found["file"]
    assert file["file_name"] == "2020-08-05_phe_cases_vintages.csv"
    assert file["file_row"] > 1 and len(file["file_sha256"]) == 64
    assert (file["published_precision"], file["published_basis"]) == ("second", "inside")
    used, other = found["claims"]
    assert (used["is_used"], used["gap"], other["is_used"], other["gap"]) == (True, 0, False, -31)
    assert used["value"] == found["figure"]["value"]
    assert [event["kind"] for event in found["events"]] == ["coverage"]
    assert found["agreement_id"] == "open_government"
    assert found["disclosure"] == {
        "disclosure_class": "published",
        "rule": "Already public: shown as it is.",
        "view": "as published",
        "why": "already public",
        "is_hidden": False,
        "missing_reason": None,
    }
    assert found["expected"] == {
        "expected_low": None,
        "expected_high": None,
        "expected_low_80": None,
        "expected_high_80": None,
        "past_ranges": None,
        "past_held": None,
    }
    assert [row["metric_id"] for row in found["related"]] == ["cases_by_report_date"]
    assert "notes" not in found


def test_versions_stand_on_all_clocks_and_the_parts_of_a_change_add_up(ask: Asking):
    versions = ask(WITHDRAWN)["versions"]
    assert [version["value"] for version in versions][-1] is None
    for version in versions:
        clocks = ("event_date", "published_at", "landed_at", "known_from")
        assert all(version[clock] for clock in clocks)
        assert version["parts"] and version["parts"][0]["kind"]
    assert versions[-1]["parts"][0]["kind"] == "withdrawal"
    before, after = ask(DISPUTED)["versions"][-1]["value"], ask(DISPUTED)["figure"]["value"]
    assert before == after


def test_a_hidden_value_is_said_to_be_hidden_and_is_nowhere(ask: Asking):
    found = ask(HIDDEN)
    assert found["disclosure"]["is_hidden"] is True
    assert (found["figure"]["lower"], found["figure"]["upper"]) == (1, 7)
    values = [row["value"] for part in ("claims", "versions", "shown") for row in found[part]]
    assert values and set(values) == {None}


def test_a_citation_gives_the_number_of_its_release_and_not_of_the_current_one(
    ask: Asking, released: tuple[Home, list[str]]
):
    _, second, third, current = released[1]
    now = ask(f" {CITED}\n")["figure"]["value"]
    for release_id, value in ((second, 95), (third, 95), (current, now)):
        found = ask(f" TP-{CITED}-{release_id}\n")
        assert (found["figure"]["value"], found["release"]["release_id"]) == (value, release_id)
        assert found["citation"] == f"TP-{CITED}-{release_id}"
    assert now not in {90, 95}


def test_a_pruned_release_is_said_to_be_gone_and_its_number_is_on_record(
    ask: Asking, released: tuple[Home, list[str]]
):
    gone = released[1][0]
    found = ask(f"TP-{CITED}-{gone}")
    assert found["release"] == {"release_id": gone, "is_kept": False}
    assert found["sentence"].startswith(f"Release {gone} is no longer kept")
    assert found["figure"]["value"] == 90
    assert len(found["shown"]) == 1 and found["shown"][0]["shown_to"] is not None
    assert {"claims", "versions", "rule"}.isdisjoint(found)


def test_what_was_shown_names_the_release_that_began_it(
    ask: Asking, released: tuple[Home, list[str]]
):
    first, second, _, fourth = released[1]
    shown = ask(CITED)["shown"]
    assert [row["value"] for row in shown][:2] == [90, 95]
    assert [row["first_release_id"] for row in shown] == [first, second, fourth]
    assert [row["shown_to"] for row in shown] == [*[row["shown_from"] for row in shown[1:]], None]


def test_only_what_is_current_in_a_release_can_be_cited(ask: Asking):
    found = ask(WITHDRAWN, datetime(2020, 7, 25))
    assert found["citation"] is None and found["figure"]["value"] is not None
    assert found["as_of"] == datetime(2020, 7, 25)


@pytest.mark.parametrize(
    ("named", "as_of", "fault", "said"),
    [
        ("nonsense", None, WrongUse, "there is no figure nonsense in release"),
        (CITED[:-2] + "99", None, WrongUse, "there is no figure"),
        ("TP-nonsense", None, WrongUse, "is no citation"),
        (f"TP-{CITED}-{RELEASE}", None, WrongUse, "neither kept here nor on the record"),
        (f"TP-a.b.c.2020-01-01-{RELEASE}", None, WrongUse, "neither kept here nor on the record"),
        (f"TP-{CITED}-{RELEASE}", datetime(2020, 7, 25), WrongUse, "without a moment"),
        (CITED, datetime(2020, 7, 1), TrigpointError, "had not been published by 2020-07-01T00:00"),
        ("nonsense", datetime(2020, 7, 1), WrongUse, "there is no figure"),
    ],
)
def test_what_cannot_be_found_is_one_plain_sentence(
    ask: Asking, named: str, as_of: datetime | None, fault: type[Exception], said: str
):
    with pytest.raises(TrigpointError, match=said) as raised:
        ask(named, as_of)
    assert type(raised.value) is fault


@pytest.mark.parametrize("figure_id", ["a.b.c.2020-01-01", "nonsense"])
def test_a_pruned_release_that_showed_no_such_figure_says_so(
    ask: Asking, released: tuple[Home, list[str]], figure_id: str
):
    gone = released[1][0]
    with pytest.raises(WrongUse, match=f"release {gone} is no longer kept, and .* no figure"):
        ask(f"TP-{figure_id}-{gone}")


def test_a_document_is_strict_json(ask: Asking):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    found = ask(CORRECTED)
    text = document_to_json(found)
    assert json.loads(text, parse_constant=refuse)["figure"]["is_corrected"] is True
    assert text.endswith("}\n")


def test_a_damaged_record_takes_nothing_else_from_a_passport(tmp_path: Path):
    home = Home(tmp_path)
    write_release(tmp_path)
    record = showings.newest(home)
    assert record is not None
    record.write_bytes(b"")
    found = document(lambda *_: open_reader(home), CITED)
    assert found["shown"] is None and found["figure"]["value"] is not None
    with pytest.raises(WrongUse, match=r"the record of what was shown, .*, is damaged"):
        document(lambda _, wanted: open_reader(home, release_id=wanted), f"TP-{CITED}-{RELEASE}")


@pytest.mark.parametrize("harm", ["damaged", "of another version", "without a table"])
def test_a_kept_release_that_cannot_be_opened_is_said_to_be_so(tmp_path: Path, harm: str):
    home, first = Home(tmp_path), write_release(tmp_path, cited=95.0)
    write_release(tmp_path)
    file = releases.controlled_file(home, first.release_id)
    if harm == "damaged":
        file.write_bytes(b"")
    else:
        change = {
            "of another version": "alter table claims drop column superseded_at",
            "without a table": "drop table breaker_versions",
        }
        with duckdb.connect(str(file)) as connection:
            connection.execute(change[harm])
    opened = partial(open_reader, home, None)
    found = document(opened, f"TP-{CITED}-{first.release_id}")
    assert found["sentence"].startswith(f"Release {first.release_id} can no longer be opened")
    assert found["figure"]["value"] == 95


def test_before_the_first_release_nothing_resolves(tmp_path: Path):
    with pytest.raises(NoRelease):
        document(lambda *_: open_reader(Home(tmp_path)), CITED)
