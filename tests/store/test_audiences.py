"""Audiences, columns and opt-outs of an agreement are obeyed, and what contradicts is one line."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from store import agreements
from store.agreements import NOT_FOR_AUDIENCE, WITHHELD
from store.errors import WrongUse
from store.paths import Home
from store.reader import open_reader
from store.viewer import EVERYONE, ROLES, Viewer
from tests.dashboard.small_england import CITED, DISPUTED, write_release

OURS = Path(__file__).parents[2] / "agreements"
SOURCE = "phe_cases_vintages"
Changing = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(OURS, tmp_path / "agreements")
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    return tmp_path / "agreements"


def change(folder: Path, name: str, *, said: str | None = None, **fields: str) -> None:
    """Write an agreement with other audiences and other values of fields."""
    text = (OURS / f"{name}.toml").read_text()
    if said is not None:
        text = re.sub(r"\[audiences]\n(.+\n)*", f"[audiences]\n{said}\n", text)
    for field, value in fields.items():
        text = re.sub(rf"(?m)^{field} = (\[[^]]*]|.*)$", f"{field} = {value}", text)
    (folder / f"{name}.toml").write_text(text)


def alone(folder: Path, said: str, **fields: str) -> None:
    """Let one source stand under an agreement of its own."""
    whole = (OURS / "open_government.toml").read_text()
    (folder / "open_government.toml").write_text(whole.replace(f'  "{SOURCE}",\n', ""))
    change(folder, "local_returns", said=said, sources=f'["{SOURCE}"]', **fields)
    (folder / "local_returns.toml").rename(folder / "alone.toml")


# What an agreement may say


@pytest.mark.parametrize(
    ("said", "outside", "told"),
    [
        ('analist = "controlled"', "controlled", "audiences.analist is no audience; they are ever"),
        ('everyone = "all"', "controlled", "audiences.everyone is 'all'; write a section [audien"),
        ("", "controlled", "audiences is empty; write a section [audiences] with a line for"),
        ('everyone = "exact"', "controlled", "audiences.everyone says exact and the figures are n"),
        ('everyone = "nothing"', "controlled", "outside_scope says controlled and no audience"),
        ('own_scope = "exact"', "controlled", "outside_scope says controlled and no audience may"),
        ('own_scope = "controlled"', "hidden", "audiences.own_scope can only say exact; leave"),
        ('everyone = "controlled"', "hidden", "audiences.everyone says controlled and outside_sco"),
        ('analyst = "controlled"', "hidden", "audiences.analyst says controlled and outside_scope"),
    ],
)
def test_what_contradicts_is_one_sentence(folder: Path, said: str, outside: str, told: str):
    change(folder, "hospital_extracts", said=said, outside_scope=f'"{outside}"')
    with pytest.raises(WrongUse, match=re.escape(f"agreements/hospital_extracts.toml: {told}")):
        agreements.read()


@pytest.mark.parametrize(
    ("said", "outside", "told"),
    [
        ('everyone = "controlled"', "controlled", "audiences.everyone says controlled and disclo"),
        ('own_scope = "exact"', "controlled", "audiences.own_scope is for figures that are not"),
        ('everyone = "exact"', "hidden", "audiences.everyone says exact and outside_scope says"),
    ],
)
def test_so_is_what_contradicts_for_published_figures(
    folder: Path, said: str, outside: str, told: str
):
    change(folder, "local_returns", said=said, outside_scope=f'"{outside}"')
    with pytest.raises(WrongUse, match=re.escape(f"agreements/local_returns.toml: {told}")):
        agreements.read()


def test_a_list_of_columns_and_every_column_contradict(folder: Path):
    change(folder, "local_returns", columns=f'["value", "{agreements.EVERY_COLUMN}"]')
    with pytest.raises(WrongUse, match="columns says every column that the publisher publishes an"):
        agreements.read()


@pytest.mark.parametrize("regime", ["national_data_opt_out", "type_1_opt_out"])
def test_an_opt_out_that_nobody_applied_leaves_the_source_out(folder: Path, regime: str):
    change(folder, "hospital_extracts", opt_out=f'"{regime}"')
    why = agreements.read()["hospital_extracts"].why_not(agreements.today())
    assert why == (
        f"agreement hospital_extracts does not say who applied the {regime.replace('_', ' ')}, and "
        "how, before the data came here; write opt_out_applied"
    )
    assert "sus_admissions" not in agreements.allowed(agreements.read(), agreements.today())
    applied = f'"{regime}"\nopt_out_applied = "NHS England, by a check of each record"'
    change(folder, "hospital_extracts", opt_out=applied)
    one = agreements.read()["hospital_extracts"]
    assert one.why_not(agreements.today()) is None
    assert one.opt_out_in_words.endswith("opt out: NHS England, by a check of each record")


def test_it_may_not_be_said_in_no_words(folder: Path):
    change(folder, "hospital_extracts", opt_out='"type_1_opt_out"\nopt_out_applied = " "')
    with pytest.raises(WrongUse, match="opt_out_applied is empty; write who applied the opt-out"):
        agreements.read()


# The door


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("audiences")
    write_release(root)
    return Home(root)


TABLES = ("figures", "figure_versions", "claims", "figures_as_known(current_date)", "figures_shown")
MAY, MAY_NOT = (
    ("analyst", "engineer"),
    tuple(role for role in (*ROLES, EVERYONE.role) if role not in {"analyst", "engineer"}),
)
NAMED = 'analyst = "exact"\nengineer = "exact"\noperations = "nothing"'


@pytest.mark.parametrize("role", MAY_NOT)
def test_who_is_not_named_sees_nothing_of_a_source_and_why(released: Home, folder: Path, role: str):
    alone(folder, NAMED)
    with open_reader(released, Viewer(role=role)) as reader:
        for table in TABLES:
            asked = f"select value, missing_reason from {table} where source_id = $source"
            found = {*reader.ask(asked, source=SOURCE).rows()}
            assert found == {(None, NOT_FOR_AUDIENCE)}, table
        others = reader.ask("select count(value) from figures where source_id <> $s", s=SOURCE)
        assert others.item() > 0


@pytest.mark.parametrize("role", MAY)
def test_who_is_named_sees_what_everybody_saw(released: Home, folder: Path, role: str):
    told = "select * from figures order by figure_id"
    with open_reader(released) as reader:
        before = reader.ask(told)
    alone(folder, NAMED)
    with open_reader(released, Viewer(role=role)) as reader:
        assert reader.ask(told).equals(before)


def test_the_file_that_they_attach_holds_none_of_it(released: Home, folder: Path):
    alone(folder, NAMED)
    with open_reader(released, Viewer(role="regional_lead")) as reader:
        files = reader.ask("select path from duckdb_databases() where path is not null")["path"]
    assert len(files) == 2
    for file in files:
        with duckdb.connect(file, read_only=True) as attached:
            tables = attached.sql(
                "select distinct table_name from duckdb_columns() where column_name = 'value' and "
                "table_name in (select table_name from duckdb_columns() "
                "where column_name = 'source_id')"
            ).fetchall()
            assert tables
            for (table,) in tables:
                left = f"select count(value) from {table} where source_id = '{SOURCE}'"
                assert attached.sql(left).fetchall() == [(0,)], table


def test_what_was_compared_with_it_is_withheld_as_well(released: Home, folder: Path):
    with open_reader(released) as reader:
        asked = "select distinct source_id from claims where figure_id = $figure"
        followed = "select source_id, status, gap from figures where figure_id = $figure"
        used, status, gap = reader.ask(followed, figure=DISPUTED).row(0)
        said = {*reader.ask(asked, figure=DISPUTED)["source_id"]}
    assert status == "disputed" and gap
    (other,) = said - {used}
    whole = (OURS / "open_government.toml").read_text()
    (folder / "open_government.toml").write_text(whole.replace(f'  "{other}",\n', ""))
    change(folder, "local_returns", said='analyst = "exact"', sources=f'["{other}"]')
    with open_reader(released) as reader:
        assert reader.ask(followed, figure=DISPUTED).row(0) == (used, "withheld", None)


def test_each_audience_keeps_its_copy_while_others_read_theirs(released: Home, folder: Path):
    """Taking away the copy of another audience would close the door on whoever comes next."""
    alone(folder, NAMED)
    readers = [open_reader(released, Viewer(role=role)) for role in ("operations", "analyst")]
    first = {*released.withheld.iterdir()}
    alone(folder, f'{NAMED}\nlocal_official = "exact"')
    change(folder, "open_attribution", said='everyone = "nothing"')
    readers.append(open_reader(released, Viewer(role="local_official")))
    readers.append(open_reader(released, Viewer(role="operations")))
    assert first <= {*released.withheld.iterdir()}
    for reader in readers:
        assert reader.ask("select count(*) from figures").item() > 0
        reader.close()


def test_an_end_goes_before_an_audience_and_the_strictest_of_two_counts(
    released: Home, folder: Path
):
    alone(folder, NAMED, expires=str(agreements.today()))
    reason = "select missing_reason from figures where figure_id = $figure"
    for role in ("operations", "analyst"):
        with open_reader(released, Viewer(role=role)) as reader:
            assert reader.ask(reason, figure=CITED).item() == WITHHELD
    alone(folder, NAMED)
    (folder / "second.toml").write_text(
        (folder / "alone.toml").read_text().replace('analyst = "exact"', "")
    )
    for role, told in (("analyst", NOT_FOR_AUDIENCE), ("engineer", None)):
        with open_reader(released, Viewer(role=role)) as reader:
            assert reader.ask(reason, figure=CITED).item() == told
