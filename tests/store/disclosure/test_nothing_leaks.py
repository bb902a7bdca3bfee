"""Unusual numbers planted in one area: nobody else can find them in any byte they are given.

They stand wherever the warehouse keeps what follows from a count: figures, versions, claims of a
source that lost, changes, disagreements, expected ranges, and texts of persons and checks.
"""

import re
import struct
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from released import METRIC, fill, fresh, keyed, publish

from pipeline.passport import passport
from pipeline.questions import answer
from store import releases
from store.errors import TrigpointError
from store.exports import document_to_json, to_csv, to_json, to_parquet
from store.figure_document import document
from store.paths import Home
from store.reader import Reader, open_reader
from store.viewer import Viewer

TORRIDGE, EXETER, DEVON, ENGLAND = "E07000046", "E07000041", "E10000008", "E92000001"
NOW, BEFORE, LOST = 48_611, 71_984, 53_977
SENTINELS = (NOW, BEFORE, LOST, BEFORE - NOW, LOST - NOW)
CELL = f"{METRIC}.{TORRIDGE}.all.2020-04-02"
OUTSIDERS = [None, EXETER, "E12000007", "E40000007"]
TOLD = (
    "insert into main.claims by name select * replace ('local_returns' as source_id, "
    f"{LOST} as value) from main.claims where figure_id = '{CELL}'",
    "insert into main.figure_changes by name select figure_id, metric_id, area_id, stratum_id, "
    f"event_date, 2 as version, known_from as changed_at, {BEFORE} as value_before, "
    f"{NOW} as value_after, {BEFORE - NOW} as difference, 1 as part, {BEFORE - NOW} as amount, "
    f"'correction' as kind, source_id from main.figures where figure_id = '{CELL}'",
    "insert into main.disagreements by name select 'covid_admissions' as quantity_id, figure_id, "
    f"metric_id, area_id, stratum_id, event_date, source_id, {LOST} as value, {NOW} as "
    f"figure_value, {LOST - NOW} as gap from main.figures where figure_id = '{CELL}'",
    "insert into main.quarantined by name select 'sus_admissions' as source_id, "
    f"'{TORRIDGE} {NOW}' as row_text, 'a reason' as reasons, now()::timestamp as landed_at",
    "insert into main.breakers by name select 'total_moved' as breaker_id, 'warn' as severity, "
    f"'sus_admissions' as source_id, 'was {NOW}' as sentence, true as is_open, "
    "now()::timestamp as since",
    "insert into main.corrections by name select 'c1' as correction_id, metric_id, area_id, "
    f"stratum_id, event_date, {LOST} as value, 'it was {LOST}' as reason from main.figures "
    f"where figure_id = '{CELL}'",
    "insert into main.decisions by name select 'd1' as decision_id, 'cell' as kind, metric_id, "
    f"area_id, 'sus_admissions' as source_id, 'not {LOST}' as reason from main.figures "
    f"where figure_id = '{CELL}'",
    "insert into main.arrivals by name select 'r1' as receipt_id, 'sus_admissions' as source_id, "
    f"'refused' as verdict, 'the total is {NOW}' as reason, now()::timestamp as landed_at",
    f"insert into main.expectation_scores values ('sus_admissions', '{METRIC}', 2, "
    f"'2020-04-06', {NOW}, 0.8, 0.9, 0.1, 0.2)",
)


@pytest.fixture(scope="module")
def home(empty_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two releases: Torridge says the one number in the first, the other in the second."""
    home = fresh(empty_home, tmp_path_factory.mktemp("sentinels"))
    known = [counts(BEFORE, datetime(2020, 4, 4))]
    fill(home, pl.concat(known))
    publish(home, datetime(2020, 4, 4))
    known.append(counts(NOW, datetime(2020, 4, 5)))
    fill(home, pl.concat(known))
    with duckdb.connect(str(home.warehouse)) as connection:
        for statement in TOLD:
            connection.execute(statement)
    publish(home, datetime(2020, 4, 5))
    return home


def counts(torridge: int, known_from: datetime) -> pl.DataFrame:
    values = {TORRIDGE: torridge, EXETER: 23, DEVON: torridge + 2_000, ENGLAND: torridge + 90_000}
    cells = pl.DataFrame({"area_id": list(values), "value": list(values.values())})
    dated = cells.with_columns(event_date=pl.lit(date(2020, 4, 2)))
    return keyed(dated, METRIC).with_columns(known_from=pl.lit(known_from))


def opened(home: Home, scope: str | None) -> Iterator[Reader]:
    for release in releases.kept(home):
        with open_reader(home, Viewer(scope=scope), release_id=release.release_id) as reader:
            yield reader


def everything(reader: Reader) -> str:
    """Every value of every table, view and macro that a statement can name, as text."""
    columns = reader.ask(
        "select distinct database_name, schema_name, table_name from duckdb_columns() "
        "where database_name not in ('system', 'temp')"
    )
    tables = [f'"{a}"."{b}"."{c}"' for a, b, c in columns.iter_rows()]
    tables += [
        f"{table}_as_known('2100-01-01')" for table in ("figures", "claims", "figure_versions")
    ]
    tables += ["disagreements_as_known('2100-01-01')", "figures_as_known('2020-04-04')"]
    tables += ["figures_as_shown(now()::timestamp)"]
    return "\n".join(to_csv(reader.ask(f"select * from {table}")) for table in tables)


def found_in(text: str) -> set[int]:
    """The sentinels in a text; digits within a hash or behind a decimal point are none."""
    plain = text.replace(",", " ")
    return {
        number
        for number in SENTINELS
        if re.search(rf"(?<![\w.]){number}(?!\w)", plain) or f"{number:,}" in text
    }


def bytes_of(number: int) -> tuple[bytes, ...]:
    return struct.pack("<d", number), struct.pack("<i", number), str(number).encode()


@pytest.mark.parametrize("scope", OUTSIDERS)
def test_no_table_view_or_macro_holds_them(home: Home, scope: str | None):
    for reader in opened(home, scope):
        assert found_in(everything(reader)) == set()


def test_whose_area_it_is_finds_them(home: Home):
    """So that the search is known to find what is there."""
    [first, last] = [found_in(everything(reader)) for reader in opened(home, TORRIDGE)]
    assert first == {BEFORE} and last == {*SENTINELS}


@pytest.mark.parametrize("scope", OUTSIDERS)
def test_no_byte_of_the_files_that_are_attached_holds_them(home: Home, scope: str | None):
    for reader in opened(home, scope):
        paths = reader.ask("select path from duckdb_databases() where path is not null")["path"]
        files = [Path(path).read_bytes() for path in paths if path and Path(path).is_file()]
        assert len(files) == (2 if scope is None else 3)
        for number in SENTINELS[:3]:
            assert not [one for one in bytes_of(number) for file in files if one in file], number


def test_the_exact_file_of_the_area_holds_their_bytes(home: Home):
    [*_, reader] = opened(home, TORRIDGE)
    assert reader.exact
    content = reader.exact.path.read_bytes()
    assert any(one in content for one in bytes_of(NOW))


@pytest.mark.parametrize("scope", OUTSIDERS)
def test_no_passport_and_no_export_holds_them(home: Home, scope: str | None, tmp_path: Path):
    for reader in opened(home, scope):
        told = document(lambda *_, reader=reader: reader, CELL)
        assert found_in(document_to_json(told)) == set()
        frame = reader.ask(f"select * from figures where metric_id = '{METRIC}'")
        (tmp_path / "figures.parquet").write_bytes(to_parquet(frame))
        parquet = pl.read_parquet(tmp_path / "figures.parquet").write_csv()
        assert found_in(to_csv(frame) + to_json(frame) + parquet) == set()


def test_no_citation_and_no_answer_on_the_command_line_holds_them(
    home: Home, capsys: pytest.CaptureFixture[str]
):
    asks: list[Callable[[Viewer], None]] = [
        lambda viewer: passport(home, CELL, None, as_json=False, viewer=viewer),
        lambda viewer: passport(home, CELL, "2020-04-04", as_json=True, viewer=viewer),
        lambda viewer: answer(home, "from figure_changes", None, "csv", None, viewer),
        *(
            lambda viewer, release=release: passport(
                home, f"TP-{CELL}-{release.release_id}", None, as_json=True, viewer=viewer
            )
            for release in releases.kept(home)
        ),
    ]
    for ask in asks:
        for scope in OUTSIDERS:
            try:
                ask(Viewer(scope=scope))
            except TrigpointError as refused:
                print(refused)
    assert found_in(capsys.readouterr().out) == set()


def test_no_file_of_a_release_but_exact_ones_and_the_proof_holds_them(home: Home):
    for release in releases.kept(home):
        for path in releases.folder(home, release.release_id).glob("tables/*.parquet"):
            assert found_in(pl.read_parquet(path).write_csv()) == set(), path.name
    for path in home.shown.glob("*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            shown = connection.sql("from figures_shown").pl()
        assert found_in(shown.write_csv()) == set()
