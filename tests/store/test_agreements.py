"""Agreements: read as a lawyer writes them, and kept at the door from the day they end."""

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from store import agreements, releases
from store.agreements import ROLES, WITHHELD
from store.errors import WrongUse
from store.figure_document import document
from store.paths import Home
from store.reader import Reader, open_reader
from tests.dashboard.small_england import CITED, DISPUTED, write_release

OURS = Path(__file__).parents[2] / "agreements"
DAY = date(2026, 11, 26)
ENDED = "phe_cases_vintages"
Writing = Callable[..., Path]


@pytest.fixture
def writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writing:
    """Writes an agreement anew from the one for local returns, with texts replaced."""
    folder = tmp_path / "agreements"
    folder.mkdir()
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))

    def write(name: str = "local_returns", **replaced: str) -> Path:
        text = (OURS / "local_returns.toml").read_text(encoding="utf-8")
        for old, new in replaced.items():
            line = next(line for line in text.splitlines() if line.startswith(f"{old} = "))
            text = text.replace(line, new, 1)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        return folder / f"{name}.toml"

    return write


# What an agreement says


def test_the_agreements_that_come_with_the_store_hold_and_are_signed_for_every_role():
    held = agreements.read(OURS)
    assert set(held) == {
        "ground_reports",
        "hospital_extracts",
        "local_returns",
        "open_attribution",
        "open_government",
    }
    assert all(one.why_not(DAY) is None and not one.unsigned(DAY) for one in held.values())


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_read(writing: Writing):
    writing()
    writing("broken", expires="expires = 2019-01-01")
    (told,) = agreements.unreadable()
    assert told.startswith("agreements/broken.toml: expires (2019-01-01) has to be later")
    assert set(agreements.readable()) == {"local_returns"}


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        ({"title": ""}, "agreements/a.toml: title is missing; write what the agreement is called"),
        ({"expires": 'expires = "31 Dec"'}, "expires is '31 Dec'; write the first day on which"),
        ({"expires": "expires = 2019-01-01"}, "expires (2019-01-01) has to be later than starts"),
        ({"expires": "expires = 20 May"}, "a.toml cannot be read: "),
        ({"purposes": "purposes = []\nold = ["}, "purposes is empty; write a list of sentences"),
        ({"opt_out": 'opt_out = "some"'}, "opt_out is 'some'; write the opt-out that is applied"),
        ({"contact": ""}, "controller.contact is missing; write an address"),
        ({"on": 'on = "soon"'}, "sign_offs.data_protection.on is 'soon'; write the day"),
        ({"by": 'by = ""'}, "sign_offs.data_protection.by is empty; write the person or office"),
        ({"retention": 'retentoin = "x"'}, "retention is missing; write how long data are kept"),
    ],
)
def test_what_is_wrong_is_one_sentence_with_file_field_and_what_to_do(
    writing: Writing, replaced: dict[str, str], told: str
):
    writing("a", **replaced)
    with pytest.raises(WrongUse) as fault:
        agreements.read()
    assert told in str(fault.value) and str(fault.value).startswith("agreements/a.toml")
    assert "\n" not in str(fault.value) and "pydantic" not in str(fault.value)


def test_an_unknown_role_is_named_with_the_roles_there_are(writing: Writing):
    path = writing("a")
    path.write_text(path.read_text().replace("[sign_offs.legal]", "[sign_offs.lawyer]"))
    with pytest.raises(WrongUse, match=r"sign_offs\.lawyer is no role; the roles are data_prot"):
        agreements.read()


# When a source may be used


def test_it_holds_from_its_first_day_until_the_day_before_its_expiry(writing: Writing):
    writing(starts="starts = 2026-02-01", expires="expires = 2026-11-26")
    one = agreements.read()["local_returns"]
    assert one.why_not(date(2026, 1, 31)) == "agreement local_returns begins on 2026-02-01"
    assert one.why_not(date(2026, 2, 1)) is None
    assert one.why_not(date(2026, 11, 25)) is None
    assert one.why_not(date(2026, 11, 26)) == "agreement local_returns ended on 2026-11-26"
    soon = [one.ends_soon(date(2026, 10, day)) for day in (26, 27)]
    assert soon == [False, True] and not one.ends_soon(DAY)


@pytest.mark.parametrize("role", ROLES)
def test_each_missing_or_future_sign_off_leaves_its_sources_out(writing: Writing, role: str):
    path = writing()
    whole = path.read_text()
    signed = f'[sign_offs.{role}]\nby = "Trigpoint project"\non = 2026-01-05'
    for text in ("", signed.replace("2026-01-05", "2026-11-27")):
        path.write_text(whole.replace(signed, text))
        why = agreements.standing("local_returns", "local_returns", agreements.read(), DAY).why_not
        assert why == f"agreement local_returns is not signed for {role.replace('_', ' ')}"
        assert agreements.allowed(agreements.read(), DAY) == frozenset()


def test_a_source_needs_an_agreement_that_lists_it(writing: Writing):
    writing()
    at_hand = agreements.read()

    def why(source: str, agreement: str) -> str | None:
        return agreements.standing(source, agreement, at_hand, DAY).why_not

    assert why("local_returns", "local_returns") is None
    assert (
        why("ecdc", "open_attribution") == "there is no agreement open_attribution in agreements/"
    )
    assert why("ecdc", "local_returns") == "agreement local_returns does not list the source ecdc"


def test_an_agreement_that_ended_is_not_got_round_by_another(writing: Writing):
    writing()
    writing("older", expires="expires = 2026-01-06")
    at_hand = agreements.read()
    assert agreements.allowed(at_hand, DAY) == frozenset()
    told = agreements.standing("local_returns", "local_returns", at_hand, DAY)
    assert told.why_not == "agreement older ended on 2026-01-06"


def test_what_cannot_be_read_allows_nothing(writing: Writing):
    writing("broken", title="")
    assert agreements.readable() == {}


# The door


def end(folder: Path, source: str) -> None:
    """Agreements of which the one that lists the source ends today."""
    shutil.copytree(OURS, folder, dirs_exist_ok=True)
    whole = (OURS / "open_government.toml").read_text()
    ended = (OURS / "local_returns.toml").read_text().replace('"local_returns"', f'"{source}"')
    (folder / "open_government.toml").write_text(whole.replace(f'  "{source}",\n', ""))
    (folder / "ended.toml").write_text(ended.replace("2031-01-01", str(agreements.today())))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two releases with several sources; the first shows another value of the cited figure."""
    root = tmp_path_factory.mktemp("withheld")
    for value in (90.0, None):
        write_release(root, cited=value)
    return Home(root)


@pytest.fixture
def ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    end(tmp_path / "agreements", ENDED)
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    return ENDED


NUMBERS = "value, lower, upper, first_value, gap, expected_low, expected_high, status"
FIGURES = ("figures", "figure_versions", "figures_as_known(current_date)", "controlled.figures")
CLAIMS = ("claims", "claims_as_known(current_date)", "controlled.main.claims")
SHOWN = ("figures_shown", "figures_as_shown(now()::timestamp)", "shown.main.figures_shown")


@pytest.mark.parametrize("as_of", [None, datetime(2020, 7, 30)])
def test_no_table_and_no_macro_gives_a_value_of_an_ended_source(
    released: Home, ended: str, as_of: datetime | None
):
    with open_reader(released, as_of=as_of) as reader:
        for table in (*FIGURES, *CLAIMS, *SHOWN):
            own = reader.ask(f"select * from {table} where source_id = $source", source=ended)
            numbers = [name for name in NUMBERS.split(", ") if name in own.columns]
            assert own.height and own[numbers].null_count().row(0) == (own.height,) * len(numbers)
            assert own["missing_reason"].unique().to_list() == [WITHHELD], table


def test_nothing_that_was_compared_with_it_tells_what_it_said(released: Home, ended: str):
    touched = "figure_id in (select figure_id from claims where source_id = $source)"
    with open_reader(released) as reader:
        for table in ("figures", "figure_versions"):
            told = f"select status, gap, first_value from {table} where {touched}"
            rows = set(reader.ask(told, source=ended).rows())
            assert rows and rows <= {(None, None, None), ("withheld", None, None)}
        left = reader.ask("select distinct source_id from disagreements")["source_id"].to_list()
        assert left and ended not in left
        moved = (
            "select value_after, difference, amount from figure_changes where source_id = $source"
        )
        assert set(reader.ask(moved, source=ended).rows()) == {(None, None, None)}
        scores = "select count(*) from expectation_scores where source_id = $source"
        assert reader.ask(scores, source=ended).item() == 0


def test_other_sources_keep_every_value(released: Home, tmp_path: Path, monkeypatch):
    others = (
        "select * exclude (status, gap, first_value) from figures where source_id <> $source "
        "order by figure_id"
    )
    with open_reader(released) as reader:
        before = reader.ask(others, source=ENDED)
    end(tmp_path, ENDED)
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path))
    with open_reader(released) as reader:
        after = reader.ask(others, source=ENDED)
        assert reader.ask("select count(*) from figures").item() > after.height
    assert after.height and after.equals(before)


def test_kept_releases_and_citations_obey_and_no_release_is_changed(released: Home, ended: str):
    kept = releases.kept(released)
    before = [releases.controlled_file(released, one.release_id).read_bytes() for one in kept]

    def opened(moment: datetime | None, release_id: str | None) -> Reader:
        return open_reader(released, as_of=moment, release_id=release_id)

    for release in kept:
        found = document(opened, f"TP-{CITED}-{release.release_id}")
        assert found["figure"]["value"] is None
        assert found["figure"]["missing_reason"] == WITHHELD
        assert {row["value"] for row in found["shown"]} == {None}
        assert {row["value"] for row in found["versions"]} == {None}
        own = [claim["value"] for claim in found["claims"] if claim["source_id"] == ended]
        assert own == [None]
    after = [releases.controlled_file(released, one.release_id).read_bytes() for one in kept]
    assert after == before


def test_the_copy_that_readers_get_holds_no_value_at_all(released: Home, ended: str):
    with open_reader(released) as reader:
        files = reader.ask("select path from duckdb_databases() where path is not null")
    assert files.height == 2
    for file in files["path"]:
        assert Path(file).parent == released.withheld
        with duckdb.connect(file, read_only=True) as copy:
            for (table,) in copy.sql(
                "select distinct table_name from duckdb_columns() where "
                "column_name = 'value' and not internal"
            ).fetchall():
                columns = copy.sql(f"from {table} limit 0").columns
                if "source_id" in columns:
                    left = copy.execute(
                        f"select count(value) from {table} where source_id = ?", [ended]
                    ).fetchone()
                    assert left == (0,), table


def test_a_recorded_expiry_closes_it_too_until_a_later_one_is_recorded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    write_release(tmp_path)
    home = Home(tmp_path)
    monkeypatch.setattr(agreements, "today", lambda: date(2035, 1, 1))
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "renewed"))
    shutil.copytree(OURS, tmp_path / "renewed")
    path = tmp_path / "renewed" / "open_government.toml"
    path.write_text(path.read_text().replace("2035-01-01", "2040-01-01"))
    with open_reader(home) as reader:
        assert reader.ask("select count(value) from figures").item() == 0
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute("update sources set agreement_ends = date '2040-01-01'")
    old = releases.current(home).release_id
    releases.publish(home, built_at=datetime(2034, 12, 1), build_id="b", is_simulated=False, keep=3)
    for release_id in (old, None):
        with open_reader(home, release_id=release_id) as reader:
            assert reader.ask("select count(value) from figures").item() > 0


def test_an_earlier_expiry_that_a_later_release_recorded_counts_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Who puts the text of before back beside a store does not open what was shortened since."""
    write_release(tmp_path)
    home = Home(tmp_path)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute("update sources set agreement_ends = date '2030-01-01'")
    releases.publish(home, built_at=datetime(2029, 12, 1), build_id="b", is_simulated=False, keep=3)
    monkeypatch.setattr(agreements, "today", lambda: date(2030, 1, 1))
    for release in releases.kept(home):
        with open_reader(home, release_id=release.release_id) as reader:
            assert reader.ask("select count(value) from figures").item() == 0


def test_without_a_single_agreement_nothing_is_shown(released: Home, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "none"))
    with open_reader(released) as reader:
        for table in ("figures", "claims", "figure_versions", "figures_shown"):
            counted = reader.ask(f"select count(*) as rows, count(value) as told from {table}")
            assert counted["rows"].item() > 0 and counted["told"].item() == 0


def test_a_disputed_figure_of_another_source_says_that_the_comparison_is_withheld(
    released: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    said = "select distinct source_id from claims where figure_id = $figure order by source_id"
    followed = "select source_id, value, status, gap from figures where figure_id = $figure"
    with open_reader(released) as reader:
        source, value, status, _ = reader.ask(followed, figure=DISPUTED).row(0)
        sources = reader.ask(said, figure=DISPUTED)["source_id"].to_list()
    assert status == "disputed"
    end(tmp_path, next(name for name in sources if name != source))
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path))
    with open_reader(released) as reader:
        assert reader.ask(followed, figure=DISPUTED).row(0) == (source, value, "withheld", None)


def test_the_frame_of_an_answer_keeps_its_types(released: Home, ended: str):
    with open_reader(released) as reader:
        assert reader.ask("select value, status from figures").schema == {
            "value": pl.Float64(),
            "status": pl.String(),
        }
