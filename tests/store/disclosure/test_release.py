"""What a release shows outside an area and within it, in the files that its readers open."""

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from released import METRIC, fill, fresh, keyed, publish, read

from pipeline.proof import left_out
from store import agreements, passport, releases, scopes
from store.agreements import NOT_FOR_AUDIENCE, WITHHELD
from store.disclosure import memory, proof, record
from store.disclosure.cells import World
from store.disclosure.relations import no_tree
from store.disclosure.rules import read_rules
from store.errors import DamagedRecord, NoRelease, TrigpointError, WrongUse
from store.paths import Home
from store.reader import open_reader
from store.viewer import Viewer

ENGLAND, SOUTH_WEST, LONDON = "E92000001", "E40000006", "E40000003"
BATH, BRISTOL, SOMERSET = "E06000022", "E06000023", "E06000024"
BARKING, BARNET, BEXLEY = "E09000002", "E09000003", "E09000004"
LEAVES = (BATH, BRISTOL, SOMERSET, BARKING, BARNET, BEXLEY)
FIRST, SECOND = date(2020, 3, 1), date(2020, 3, 2)
OURS = Path(__file__).parents[3] / "agreements"
# Who owns Barking and read London's rounded 9 could tell London's 7, whatever is withheld now.
SAFE, UNSAFE = (2, 8, 5, 5, 3, 1), (2, 8, 5, 3, 3, 1)
Known = Callable[..., pl.DataFrame]


def counts(leaves: tuple[int, ...], day: date, published: int) -> pl.DataFrame:
    values = dict(zip(LEAVES, leaves, strict=True))
    values |= {SOUTH_WEST: sum(leaves[:3]), LONDON: sum(leaves[3:]), ENGLAND: sum(leaves)}
    cells = pl.DataFrame({"area_id": list(values), "value": list(values.values())})
    dated = keyed(cells.with_columns(event_date=pl.lit(day)), METRIC)
    return dated.with_columns(known_from=pl.lit(datetime(2020, 3, published)))


def say(home: Home, *known: pl.DataFrame) -> releases.Release:
    """Publish what is known so far, each frame as one publication says it."""
    fill(home, pl.concat(known))
    return publish(home, datetime(2020, 4, 1))


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Home:
    return fresh(empty_home, tmp_path / "home")


def shown(home: Home, scope: str | None = None, day: date = FIRST) -> dict[str, str]:
    cells = read(home, releases.current(home).release_id, scope).filter(event_date=day)
    return dict(cells.select("area_id", "shown").iter_rows())


def test_outsiders_see_controlled_counts_and_each_scope_its_own_exactly(home: Home):
    say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    outside = shown(home)
    assert (outside[BATH], outside[SOMERSET], outside[SOUTH_WEST]) == ("25", "40", "65")
    assert outside[BARNET] in {"1 to 7", "0 to 7", "withheld"}
    assert shown(home, BATH) == outside | {BATH: "23"}
    london = {LONDON: "61", BARKING: "58", BARNET: "3", BEXLEY: "0"}
    assert shown(home, LONDON) == outside | london
    assert shown(home, ENGLAND)[ENGLAND] == "125"


def test_what_follows_from_exact_counts_is_empty_outside(home: Home):
    say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5), counts((24, 0, 41, 58, 3, 0), FIRST, 6))
    asked = (
        "select gap, first_value, revisions, expected_low, file_row, file_sha256 "
        f"from figures where area_id = '{BATH}'"
    )
    for scope, empty in ((None, True), (LONDON, True), (BATH, False)):
        with open_reader(home, Viewer(scope=scope)) as reader:
            [row] = reader.ask(asked).rows()
            changes = reader.ask(f"select * from claims where area_id = '{BATH}'").height
        assert (set(row) == {None}) is empty
        assert changes == (1 if empty else 2)


def test_the_past_of_outsiders_is_what_they_were_shown(home: Home):
    known = [counts((23, 0, 41, 58, 3, 0), FIRST, 5)]
    say(home, *known)
    known += [counts((31, 0, 41, 58, 3, 0), FIRST, 6), counts((35, 0, 41, 58, 3, 0), FIRST, 7)]
    say(home, *known)
    asked = f"select value, known_from, known_to from figure_versions where area_id = '{BATH}'"
    with open_reader(home) as reader:
        fifth, seventh = datetime(2020, 3, 5), datetime(2020, 3, 7)
        assert reader.ask(asked).rows() == [(25.0, fifth, seventh), (35.0, seventh, None)]
        then = reader.ask(f"from figures_as_known('2020-03-06') where area_id = '{BATH}'")
        assert then["value"].to_list() == [25.0]
        assert reader.ask("from figures_as_known('2020-03-04')").is_empty()
    with open_reader(home, Viewer(scope=BATH)) as own:
        assert own.ask(asked)["value"].to_list() == [23.0, 31.0, 35.0]


def test_what_did_not_change_stays_as_it_was_shown_though_its_release_is_pruned(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    first = counts((2, 1, 2, 1, 2, 1), FIRST, 5)
    say(home, first)
    before = shown(home)
    for number in range(2):
        fill(home, pl.concat([first, counts((3, number, 9, 0, 4, 1), SECOND, 6 + number)]))
        releases.publish(
            home, built_at=datetime(2020, 4, 1), build_id="b", is_simulated=True, keep=1
        )
    assert len(releases.kept(home)) == 1 and shown(home) == before
    assert [path.name[:6] for path in home.disclosure.iterdir()] == ["000003"]


def test_a_day_that_no_choice_makes_safe_is_left_out_at_every_level_and_named(home: Home):
    known = [counts(SAFE, FIRST, 5), counts((23, 0, 41, 58, 30, 0), SECOND, 5)]
    say(home, *known)
    known.append(counts(UNSAFE, FIRST, 6))
    release = say(home, *known)
    assert release.left_out == [{"metric_id": METRIC, "first_day": "2020-03-01", "days": 1}]
    assert set(shown(home).values()) == {"withheld"}
    assert shown(home, day=SECOND)[BATH] == "25"
    assert shown(home, BARKING)[BARKING] == "3"
    [told] = left_out(release)
    assert told.startswith(f"Withheld outside its areas: {METRIC} on 1 day (the first: 2020-03-01)")
    proved = proof.read(releases.folder(home, release.release_id)).filter(event_date=FIRST)
    assert proved.height == 9 and proved["why"].str.starts_with("the day is left out").all()
    known.append(counts(SAFE, FIRST, 7))
    assert say(home, *known).left_out == []


def test_the_proof_names_each_figure_that_does_not_show_its_number(home: Home):
    release = say(home, counts((2, 1, 2, 1, 2, 1), FIRST, 5))
    proved = proof.read(releases.folder(home, release.release_id))
    assert proved.columns == list(proof.COLUMNS)
    numbers = {area for area, words in shown(home).items() if words.isdecimal()}
    assert {*proved["area_id"]} == {*shown(home)} - numbers
    guarded = proved.filter("is_guarded").drop_nulls("any_high")
    assert (guarded["any_high"] - guarded["any_low"] >= 6).all()
    mode = (releases.folder(home, release.release_id) / proof.FILE).stat().st_mode
    assert mode & 0o077 == 0


# What cannot be controlled is not shown


def test_a_metric_hidden_outside_is_in_no_file_but_exact_ones(home: Home):
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("update main.sources set outside_scope = 'hidden'")
    release = say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    assert release.guarded == {METRIC: "hidden"}
    assert shown(home) == {} and shown(home, BATH) == {BATH: "23"}
    assert record.newest(home) is None


def test_a_value_that_is_no_count_says_nothing(home: Home):
    odd = counts((23, 0, 41, 58, 3, 0), FIRST, 5).with_columns(pl.col("value").cast(pl.Float64))
    say(home, odd.with_columns(value=pl.when(area_id=BATH).then(22.5).otherwise("value")))
    assert shown(home)[BATH] == "withheld"


def test_a_rule_that_nobody_wrote_stops_the_publication(home: Home):
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(
            f"update main.metrics set disclosure_class = 'secret' where metric_id = '{METRIC}'"
        )
    with pytest.raises(WrongUse, match="names the disclosure rule secret, which is none of"):
        say(home, counts(SAFE, FIRST, 5))
    assert releases.kept(home) == []


@pytest.mark.parametrize("harm", [shutil.rmtree, lambda folder: damage(folder / METRIC)])
def test_without_the_record_of_what_was_shown_nothing_is_published(
    home: Home, harm: Callable[[Path], None]
):
    kept = say(home, counts(SAFE, FIRST, 5))
    found = record.newest(home)
    assert found is not None
    harm(found)
    with pytest.raises(DamagedRecord, match="put it back from a backup"):
        say(home, counts(SAFE, FIRST, 5))
    assert releases.kept(home) == [kept] and not [*home.releases.glob(".draft*")]


def damage(folder: Path) -> None:
    (folder / "numbers.parquet").write_bytes(b"PAR1 no more")


def test_a_release_of_before_disclosure_control_is_refused(home: Home):
    release = say(home, counts(SAFE, FIRST, 5))
    path = releases.folder(home, release.release_id) / "manifest.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps({k: v for k, v in content.items() if k != "guarded"}))
    with pytest.raises(NoRelease, match="was written before there was disclosure control"):
        open_reader(home)
    with duckdb.connect(str(releases.controlled_file(home, release.release_id))) as connection:
        connection.execute("update metrics set disclosure_class = 'published'")
    open_reader(home).close()


# Exact files


def test_smaller_scopes_are_written_on_first_use_by_another_process(
    home: Home, monkeypatch: pytest.MonkeyPatch
):
    release = say(home, counts(SAFE, FIRST, 5))
    exact = scopes.folder(releases.folder(home, release.release_id))
    at_publish = {path.stem for path in exact.glob("*.duckdb")}
    assert {ENGLAND, LONDON, SOUTH_WEST, "E12000007"} < at_publish and BATH not in at_publish
    with ThreadPoolExecutor(3) as together:
        found = list(together.map(lambda _: shown(home, BATH)[BATH], range(3)))
    assert found == ["2", "2", "2"]
    monkeypatch.setattr(scopes, "_write_apart", lambda *_: pytest.fail("it is there already"))
    assert shown(home, BATH)[BATH] == "2"
    with duckdb.connect(str(exact / f"{BATH}.duckdb"), read_only=True) as connection:
        for table in scopes.EXACT:
            areas = connection.sql(f"select distinct area_id from {table}").fetchall()
            assert {area for (area,) in areas} <= {BATH}


def test_no_hash_and_no_size_of_a_file_that_is_not_public_is_in_any_file(simulated_home: Home):
    """Whoever guesses what a return with one count says could prove the guess by its hash."""
    with duckdb.connect(str(simulated_home.warehouse), read_only=True) as warehouse:
        asked = "select source_id, file_sha256 from arrivals where verdict = 'landed'"
        hashes = {sha: source for source, sha in warehouse.sql(asked).fetchall()}
    closed = {sha for sha, source in hashes.items() if source == "sus_admissions"}
    release = releases.folder(simulated_home, releases.current(simulated_home).release_id)
    files = [release / "controlled.duckdb", *scopes.folder(release).glob("*.duckdb")]
    assert closed and len(files) > 5
    for file in files:
        found = texts(file)
        assert not found & closed, file
        assert (found >= hashes.keys() - closed) is (file == files[0])
    with open_reader(simulated_home) as reader:
        told = reader.ask("select source_id, count(bytes) as sized from arrivals group by all")
    assert {source for source, sized in told.rows() if not sized} == {"sus_admissions"}


def test_a_file_has_one_mark_of_a_release_for_whoever_sees_its_counts(simulated_home: Home):
    with open_reader(simulated_home, Viewer(scope="E06000016")) as reader:
        own = "metric_id = 'admissions_by_residence' and area_id = 'E06000016'"
        named = reader.ask(f"select distinct figure_id from figures where {own}")["figure_id"][0]
        found = passport.figure(reader, named)
        assert found and found["file_name"].startswith("sus-admissions-")
        assert passport.claims(reader, named)["is_used"].to_list() == [True]


def texts(file: Path) -> set[str]:
    """Every text of a database that can be a hash."""
    with duckdb.connect(str(file), read_only=True) as connection:
        columns = connection.sql(
            "select table_name, column_name from duckdb_columns() "
            "where data_type = 'VARCHAR' and not internal"
        ).fetchall()
        return {
            text.split("@")[0]
            for table, column in columns
            for (text,) in connection.sql(
                f"select distinct {column} from {table} where length({column}) >= 64"
            ).fetchall()
        }


def test_a_scope_that_is_no_area_opens_nothing(home: Home):
    say(home, counts(SAFE, FIRST, 5))
    with pytest.raises(WrongUse, match="E99999999 is no area of this release"):
        open_reader(home, Viewer(scope="E99999999"))
    for nowhere in ("W92000004", "E40000010"):  # Wales, and a region without any count
        assert shown(home, nowhere) == shown(home)


def test_an_exact_file_that_cannot_be_written_or_read_is_said_plainly(home: Home):
    release = say(home, counts(SAFE, FIRST, 5))
    exact = scopes.folder(releases.folder(home, release.release_id))
    (exact / f"{BATH}.duckdb").write_bytes(b"nothing of the kind")
    with pytest.raises(NoRelease, match=rf"{BATH}.duckdb is damaged"):
        open_reader(home, Viewer(scope=BATH))
    (exact / f"{ENGLAND}.duckdb").write_bytes(b"nothing of the kind")
    with pytest.raises(TrigpointError, match=f"the exact figures of {BRISTOL} could not be writ"):
        open_reader(home, Viewer(scope=BRISTOL))


@pytest.mark.parametrize("scope", [None, BATH, LONDON])
def test_an_agreement_that_ended_empties_every_file(
    home: Home, scope: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    folder = tmp_path / "agreements"
    shutil.copytree(OURS, folder)
    path = folder / "hospital_extracts.toml"
    path.write_text(path.read_text().replace("2031-01-01", str(agreements.today())))
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))
    with open_reader(home, Viewer(scope=scope)) as reader:
        for table in ("figures", "figure_versions", "claims", "figures_as_known('2020-04-01')"):
            found = reader.ask(f"select value, lower, upper, missing_reason from {table}")
            assert {*found.rows()} == {(None, None, None, WITHHELD)}, table
        assert reader.ask("from disagreements").is_empty()


@pytest.fixture
def audiences(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Writes who may see the admissions, and what people outside an area see of them."""
    folder = tmp_path / "agreements"
    shutil.copytree(OURS, folder)
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))
    whole = (OURS / "hospital_extracts.toml").read_text()

    def write(said: str, outside: str = "controlled") -> None:
        text = whole.replace('everyone = "controlled"\nown_scope = "exact"', said)
        assert said in text
        text = text.replace('outside_scope = "controlled"', f'outside_scope = "{outside}"')
        (folder / "hospital_extracts.toml").write_text(text)

    return write


def seen(home: Home, role: str, scope: str | None) -> dict[str, float | str | None]:
    """The value of each area on the first day, or the words in its place."""
    with open_reader(home, Viewer("somebody", role, scope)) as reader:
        rows = reader.ask("select area_id, value, missing_reason from figures")
    return {area: why if value is None else value for area, value, why in rows.rows()}


def attached(home: Home, role: str, scope: str | None) -> set[float]:
    """Every value in any file that a reader attaches."""
    with open_reader(home, Viewer("somebody", role, scope)) as reader:
        files = reader.ask("select path from duckdb_databases() where path is not null")["path"]
    found: set[float] = set()
    for file in files:
        with duckdb.connect(file, read_only=True) as connection:
            for table in ("figures", "figure_versions", "claims", "figures_shown"):
                if connection.sql(f"from duckdb_tables() where table_name = '{table}'").fetchall():
                    found |= {
                        one for (one,) in connection.sql(f"select value from {table}").fetchall()
                    }
    return found - {None}


def test_a_role_sees_what_its_line_says_and_others_what_everyone_does(home: Home, audiences):
    say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    everybody = seen(home, "analyst", None)
    assert seen(home, "analyst", BATH) == everybody | {BATH: 23}
    audiences('everyone = "controlled"\nown_scope = "exact"\nanalyst = "controlled"')
    assert seen(home, "analyst", BATH) == seen(home, "public", None) == everybody
    assert 23 not in attached(home, "analyst", BATH)
    assert seen(home, "local_official", BATH) == everybody | {BATH: 23}
    audiences('everyone = "controlled"\nlocal_official = "exact"')
    assert seen(home, "local_official", BATH) == everybody | {BATH: 23}
    assert seen(home, "operations", BATH) == everybody
    audiences('everyone = "controlled"\nown_scope = "exact"\nanalyst = "nothing"')
    assert {*seen(home, "analyst", BATH).values()} == {NOT_FOR_AUDIENCE}
    assert attached(home, "analyst", BATH) == set()


def test_whoever_is_not_named_has_no_file_with_what_is_controlled(home: Home, audiences):
    say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    everybody = seen(home, "public", None)
    audiences('analyst = "controlled"\nown_scope = "exact"')
    assert seen(home, "analyst", None) == everybody
    for role in ("public", "engineer", "operations"):
        assert {*seen(home, role, None).values()} == {NOT_FOR_AUDIENCE}
        assert attached(home, role, None) == set()
    official = seen(home, "local_official", BATH)
    assert official.pop(BATH) == 23 and {*official.values()} == {NOT_FOR_AUDIENCE}
    assert attached(home, "local_official", BATH) == {23}


def test_hidden_outside_is_in_force_at_the_door_before_anything_is_published(home: Home, audiences):
    say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    audiences('own_scope = "exact"', "hidden")
    assert {*seen(home, "engineer", None).values()} == {NOT_FOR_AUDIENCE}
    assert attached(home, "local_official", BATH) == {23}


@pytest.mark.parametrize("fault", ["ended", "deleted", "broken"])
def test_the_proof_says_no_bounds_once_a_source_is_withheld(
    home: Home, audiences, tmp_path: Path, fault: str
):
    release = say(home, counts((23, 0, 41, 58, 3, 0), FIRST, 5))
    place = releases.folder(home, release.release_id)
    assert proof.read(place)["protected_high"].drop_nulls().len() > 0
    path = tmp_path / "agreements" / "hospital_extracts.toml"
    if fault == "deleted":
        path.unlink()
    else:
        new = str(agreements.today()) if fault == "ended" else "soon"
        path.write_text(path.read_text().replace("2031-01-01", new))
    closed = proof.read(place)
    assert closed.height and {*closed["shown"], *closed["why"]} == {WITHHELD}
    assert {closed[name].null_count() for name in proof.BOUNDS} == {closed.height}


# The parts


def test_a_memory_in_parts_is_the_same_system_as_the_whole(home: Home):
    say(home, counts(SAFE, FIRST, 5), counts((23, 0, 41, 58, 3, 0), SECOND, 5))
    found = record.newest(home)
    assert found is not None
    whole = memory.read(found / METRIC)
    together, parts = whole.seen(), [whole.seen([day]) for day in (FIRST, SECOND)]
    assert together.numbers.height == sum(part.numbers.height for part in parts)
    assert together.rows == sum(part.rows for part in parts)
    assert list(together.low) == [low for part in parts for low in part.low]
    again = memory.Memory().after(together, read_rules()["nhs_subnational"])
    assert again.terms.equals(whole.terms) and again.variables.equals(whole.variables)


def test_a_scope_holds_just_the_areas_that_it_is_audited_for(home: Home):
    release = say(home, counts(SAFE, FIRST, 5))
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        audiences = World.read(connection).audiences(counts(SAFE, FIRST, 5))
    assert {SOUTH_WEST, LONDON, "E12000007", *LEAVES} <= {*audiences} and ENGLAND not in audiences
    for scope, areas in audiences.items():
        exact = scopes.exact(home, release.release_id, scope)
        assert exact and areas == {*exact.areas} & {ENGLAND, SOUTH_WEST, LONDON, *LEAVES}


def test_bands_of_ages_add_up_in_every_way_they_can():
    strata = pl.DataFrame(
        {
            "stratum_id": ["all", "young", "old", "child", "youth", "female", "male"],
            "age_from": [None, 0, 20, 0, 10, None, None],
            "age_to": [None, 19, None, 9, 19, None, None],
            "sex": [None] * 5 + ["female", "male"],
            "setting": [None] * 7,
        },
        schema_overrides={"age_from": pl.Int64, "setting": pl.String},
    )
    cells = strata.select("stratum_id", area_id=pl.lit("A"))
    found = World(no_tree(), strata).relations(cells).strata
    sums = found.group_by("whole_id", "partition").agg(pl.col("part_id").sort())
    assert {(whole, *parts) for whole, parts in sums.select("whole_id", "part_id").iter_rows()} == {
        ("all", "female", "male"),
        ("all", "old", "young"),
        ("all", "child", "old", "youth"),
        ("young", "child", "youth"),
    }
