"""What was shown, and when: over publish, rollback, prune, kills and a damaged record."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import reader as reader_module
from store import releases, showings
from store.errors import DamagedRecord, ReleaseGone, WrongUse
from store.lock import writing
from store.moments import now
from store.paths import Home
from store.reader import Reader, open_reader

ROOT = Path(__file__).parents[2]
PUBLISH = (
    "from datetime import datetime; from pathlib import Path; from store import releases;"
    "from store.paths import Home; import os, signal, store.showings as showings\n"
    "showings.{step} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    "releases.publish(Home(Path({root!r})), built_at=datetime(2020, 8, 5), build_id='killed',"
    " is_simulated=False, keep=3)"
)


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Home:
    """A warehouse that was built and holds no file yet, in a home of its own."""
    shutil.copy(empty_home.warehouse, tmp_path / "warehouse.duckdb")
    return Home(tmp_path)


def decide(home: Home, **values: float | None) -> None:
    """Let the warehouse hold these figures and no others, one a day of May 2020: `d1=5`."""
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("delete from main.figures")
        for day, value in values.items():
            event_date = f"2020-05-{int(day[1:]):02}"
            connection.execute(
                "insert into main.figures by name select ? as figure_id, 'm' as metric_id, "
                "'A' as area_id, 'all' as stratum_id, ?::date as event_date, ? as value, "
                "'ecdc' as source_id, ? as missing_reason, false as is_provisional, "
                "false as is_corrected",
                [
                    f"m.A.all.{event_date}",
                    event_date,
                    value,
                    "withdrawn" if value is None else None,
                ],
            )


def publish(home: Home, keep: int = 3, **values: float | None) -> releases.Release:
    decide(home, **values)
    return releases.publish(
        home, built_at=datetime(2020, 8, 5), build_id="b", is_simulated=False, keep=keep
    )


def shown(reader: Reader, moment: datetime | str) -> dict[int, float | None]:
    """What was on the pages at a moment: value by day of May."""
    rows = reader.ask(
        "select day(event_date), value from figures_as_shown($moment) order by 1", moment=moment
    )
    return dict(rows.rows())


def intervals(home: Home) -> list[tuple[Any, ...]]:
    """Every interval as day, value and the releases between which it lies."""
    with open_reader(home) as reader:
        return reader.ask(
            """
            select day(event_date), value, began.release_id, ended.release_id as ended_by
            from figures_shown
            left join releases_shown as began using (shown_from)
            left join releases_shown as ended on figures_shown.shown_to = ended.shown_from
            order by event_date, figures_shown.shown_from
            """
        ).rows()


def test_what_was_shown_is_answered_for_every_moment(home: Home):
    before = now()
    first = publish(home, d1=5, d2=7, d3=None)
    between = now()
    second = publish(home, d1=8, d2=7, d4=1)
    after = now()
    releases.rollback(home)
    with open_reader(home) as reader:
        assert shown(reader, before) == {}
        assert shown(reader, between) == {1: 5, 2: 7, 3: None}
        assert shown(reader, after) == {1: 8, 2: 7, 4: 1}
        assert shown(reader, now()) == {1: 5, 2: 7, 3: None}
        named = "select distinct release_id from figures_as_shown($moment)"
        assert reader.ask(named, moment=between).item() == first.release_id
        assert reader.ask(named, moment=after).item() == second.release_id


def test_only_what_differs_gets_a_new_interval(home: Home):
    first = publish(home, d1=5, d2=7, d3=None).release_id
    second = publish(home, d1=8, d2=7, d4=1).release_id
    third = publish(home, d1=8, d2=7, d4=1).release_id
    assert intervals(home) == [
        (1, 5.0, first, second),
        (1, 8.0, second, None),
        (2, 7.0, first, None),
        (3, None, first, second),
        (4, 1.0, second, None),
    ]
    with open_reader(home) as reader:
        spans = reader.ask("select * from releases_shown")
    assert spans["release_id"].to_list() == [first, second, third]
    assert spans["shown_to"].to_list() == [*spans["shown_from"].to_list()[1:], None]


@pytest.mark.parametrize(
    "column", ["is_provisional", "is_corrected", "status", "source_id", "lower", "missing_reason"]
)
def test_any_change_of_what_the_pages_say_counts(home: Home, column: str):
    publish(home, d1=5)
    changed = {"status": "'disputed'", "lower": "4", "source_id": "'jhu'", "missing_reason": "'x'"}
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute(f"update main.figures set {column} = {changed.get(column, 'true')}")
    releases.publish(home, built_at=now(), build_id="b", is_simulated=False, keep=3)
    assert len(intervals(home)) == 2


def test_a_day_means_its_end_and_what_is_past_does_not_move_it(home: Home):
    publish(home, d1=5)
    today, yesterday = now().date(), now().date() - timedelta(days=1)
    with open_reader(home, as_of=datetime(2020, 1, 1)) as reader:
        assert reader.ask("select * from figures").is_empty()
        assert shown(reader, today.isoformat()) == {1: 5}
        assert shown(reader, yesterday.isoformat()) == {}
        for written in (f"date '{today}'", f"'{today}'", f"timestamp '{today} 23:59:59.999'"):
            found = reader.ask(f"select value from figures_as_shown({written})")
            assert found["value"].to_list() == [5]


def test_what_was_shown_outlives_the_release(home: Home):
    first = publish(home, d1=5)
    then = now()
    for value in (6, 7, 8):
        publish(home, keep=2, d1=value)
    assert len(releases.kept(home)) == 2
    with pytest.raises(ReleaseGone, match=f"release {first.release_id} is no longer kept"):
        open_reader(home, release_id=first.release_id)
    with open_reader(home) as reader:
        assert shown(reader, then) == {1: 5}
    assert len(list(home.shown.iterdir())) == 1


def test_a_kept_release_can_be_opened_by_its_id(home: Home):
    first = publish(home, d1=5)
    publish(home, d1=6)
    with open_reader(home, release_id=first.release_id) as reader:
        assert reader.release == first
        assert reader.ask("select value from figures").item() == 5
    for trick in ("../releases/" + first.release_id, "current", ".", "", "٢" * 8 + "-000000-000"):
        with pytest.raises(ReleaseGone):
            releases.one_kept(home, trick)


@pytest.mark.parametrize("step", ["_can_be_shown", "_write", "_verify", "_remove_older"])
def test_a_publish_that_was_killed_half_way_is_mended_by_the_next_command(home: Home, step: str):
    publish(home, d1=5, d2=2)
    decide(home, d1=8)
    killed = subprocess.run(
        [sys.executable, "-c", PUBLISH.format(step=step, root=str(home.root))],
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert releases.current(home).build_id == "killed"
    later = now()
    with writing(home):
        pass
    second = publish(home, d1=9)
    with open_reader(home) as reader:
        assert shown(reader, later) == {1: 8}
        assert reader.ask("select count(*) from releases_shown").item() == 3
        spans = reader.ask("select shown_from from releases_shown order by 1")["shown_from"]
    assert spans[1] < later < spans[2]
    assert releases.current(home) == second
    assert len(list(home.shown.iterdir())) == 1


def test_repeating_writes_nothing(home: Home):
    publish(home, d1=5)
    before = showings.newest(home)
    releases.record_shown(home)
    releases.rollback(home, releases.current(home).release_id)
    assert showings.newest(home) == before


FIGURES = ", ".join(
    f"cast(null as {kind}) as {name}"
    for name, kind in showings.FIGURES_SHOWN.items()
    if name not in {"figure_id", "value", "shown_from", "shown_to"}
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    released=st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.none() | st.sampled_from([0.0, 1.0])),
        min_size=1,
        max_size=6,
    )
)
def test_every_past_moment_shows_the_release_of_that_moment(
    tmp_path_factory: pytest.TempPathFactory, released: list[dict[str, float | None]]
):
    home = Home(tmp_path_factory.mktemp("shown"))
    moments = [datetime(2026, 1, day) for day in range(1, len(released) + 1)]
    for moment, figures in zip(moments, released, strict=True):
        path = home.root / f"{moment:%d}.duckdb"
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                f"create table figures as select '' as figure_id, 0.0::double as value, {FIGURES} "
                "limit 0"
            )
            for figure_id, value in figures.items():
                row = "insert into figures by name select ? as figure_id, ? as value"
                connection.execute(row, [figure_id, value])
        showings.record(home, path.stem, path, moment)
    with duckdb.connect(str(showings.newest(home)), read_only=True) as connection:
        connection.execute(as_shown(connection.sql("select current_catalog()").fetchall()[0][0]))
        for moment, figures in zip(moments, released, strict=True):
            rows = connection.execute(
                "select figure_id, value from temp.main.figures_as_shown(?)", [moment]
            ).fetchall()
            assert dict(rows) == figures and len(rows) == len(figures)


def as_shown(catalog: str) -> str:
    """The macro of every reader, for a bare connection."""
    query = reader_module._query("figures_as_shown")
    macro = reader_module._macro("figures_as_shown", "moment", query, f'"{catalog}"')
    return macro.replace("macro ", "temp macro ")


def test_a_store_from_before_there_was_a_record_begins_with_what_is_shown(home: Home):
    publish(home, d1=5)
    shutil.rmtree(home.shown)
    with open_reader(home) as reader:
        assert shown(reader, now()) == {}
    with writing(home), open_reader(home) as reader:
        assert shown(reader, now()) == {1: 5}


def test_the_order_of_showings_holds_when_the_clock_is_set_back(home: Home):
    publish(home, d1=5)
    releases.publish(home, built_at=now(), build_id="b", is_simulated=False, keep=3)
    with open_reader(home) as reader:
        last = reader.ask("select max(shown_from) from releases_shown").item()
    controlled = releases.controlled_file(home, releases.current(home).release_id)
    showings.record(home, "20200101-000000-000", controlled, datetime(2020, 1, 1))
    with open_reader(home) as reader:
        spans = reader.ask("select * from releases_shown").rows()
    assert spans[-1][1] > last and spans[-2][2] == spans[-1][1]


@pytest.mark.parametrize("harm", ["cut", "emptied"])
def test_a_damaged_record_is_said_and_hides_no_figure(home: Home, harm: str):
    publish(home, d1=5)
    record = showings.newest(home)
    assert record is not None
    os.truncate(record, 5000 if harm == "cut" else 0)
    with open_reader(home) as reader:
        assert reader.ask("select value from figures").item() == 5
        for question in ("select value from figures_as_shown('2030-01-01')", "from figures_shown"):
            with pytest.raises(WrongUse, match=f"{record.name}, is damaged"):
                reader.ask(question)
    kept = releases.kept(home)
    for change in (lambda: publish(home, d1=6), lambda: releases.rollback(home)):
        with pytest.raises((DamagedRecord, WrongUse)):
            change()
    assert releases.kept(home) == kept
    with writing(home):  # files can still be taken in
        assert showings.newest(home) == record
    record.unlink()
    publish(home, d1=6)
    with open_reader(home) as reader:
        assert shown(reader, now()) == {1: 6}


def test_a_release_that_cannot_be_opened_was_shown_to_nobody_and_stops_no_other(home: Home):
    first = publish(home, d1=5)
    on_record = home.root / "on_record"
    shutil.copytree(home.shown, on_record)
    damaged = publish(home, d1=6)
    shutil.rmtree(home.shown)  # as if the command had been killed before it put the second down
    on_record.rename(home.shown)
    os.truncate(releases.controlled_file(home, damaged.release_id), 5000)
    third = publish(home, d1=7)
    with open_reader(home) as reader:
        assert shown(reader, now()) == {1: 7}
        named = reader.ask("select release_id from releases_shown")["release_id"].to_list()
    assert named == [first.release_id, third.release_id]


def test_a_reader_keeps_its_record_while_the_next_is_written(home: Home):
    publish(home, d1=5)
    with open_reader(home) as reader:
        then = now()
        publish(home, d1=6)
        assert shown(reader, then) == shown(reader, now()) == {1: 5}
