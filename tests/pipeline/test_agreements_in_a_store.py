"""An agreement ends, is left out by the next publish, and is renewed: on a home really filled."""

import csv
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from homes import copied

from store import agreements, releases
from store.agreements import WITHHELD
from store.paths import Home
from store.reader import open_reader

ROOT = Path(__file__).parents[2]
OURS = ROOT / "agreements"
ENDED = "phe_cases_vintages"
ASKED = f"select value, missing_reason from figures where source_id = '{ENDED}'"
SPECIMENS = "cases_by_specimen_date.E92000001.all"
EVERYTHING = (
    "select figure_id, value, source_id, status, gap, revisions from figures order by figure_id"
)
Running = Callable[..., Any]


@dataclass
class Story:
    """What the commands said before, on the day of expiry, after a publish and after renewal."""

    home: Home
    before: pl.DataFrame
    old_release: str
    at_once: dict[str, Any]
    kept: pl.DataFrame
    published: dict[str, Any]
    left: dict[str, Any]
    after: pl.DataFrame
    quarantined: int
    reloaded: Any
    renewed: pl.DataFrame
    agreed: dict[str, str]
    kept_after_renewal: pl.DataFrame


def agree(folder: Path, expires: str | None = None) -> None:
    """Agreements as they come; with `expires`, one source stands under one that ends then."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(OURS, folder)
    if expires:
        path = folder / "open_government.toml"
        whole = path.read_text()
        path.write_text(whole.replace(f'  "{ENDED}",\n', ""))
        alone = re.sub(r"sources = \[[^]]*]", f'sources = ["{ENDED}"]', whole)
        (folder / "ended.toml").write_text(alone.replace("2035-01-01", expires))


def asked(home: Home, question: str, release_id: str | None = None) -> pl.DataFrame:
    with open_reader(home, release_id=release_id) as reader:
        return reader.ask(question)


def in_each_format(trigpoint: Running, home: Home, folder: Path) -> dict[str, Any]:
    def sql(form: str, *more: str | Path) -> str:
        ran = trigpoint("sql", ASKED, "--format", form, *more, "--home", home.root)
        assert ran.code == 0, ran.error
        return ran.out

    sql("parquet", "--output", folder / "answer.parquet")
    return {
        "csv": list(csv.DictReader(io.StringIO(sql("csv")))),
        "json": json.loads(sql("json")),
        "parquet": pl.read_parquet(folder / "answer.parquet").to_dicts(),
        "table": sql("table"),
        "agreements": trigpoint("agreements"),
        "status": trigpoint("status", "--home", home.root),
        "diff": trigpoint("diff", "2020-03-01", "2020-12-31", "--home", home.root),
        "figure": trigpoint("figure", f"{SPECIMENS}.2020-03-15", "--home", home.root),
    }


@pytest.fixture(scope="module")
def story(
    simulated_home: Home, trigpoint: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Story]:
    root = tmp_path_factory.mktemp("agreed")
    home, folder = Home(root / "home"), root / "agreements"
    copied(simulated_home.root, home.root)
    os.environ["TRIGPOINT_AGREEMENTS"] = str(folder)
    try:
        yield _told(home, folder, trigpoint)
    finally:
        del os.environ["TRIGPOINT_AGREEMENTS"]


def _told(home: Home, folder: Path, trigpoint: Running) -> Story:
    agree(folder)
    before, old = asked(home, EVERYTHING), releases.current(home).release_id
    agree(folder, str(agreements.today()))
    at_once = in_each_format(trigpoint, home, folder.parent)
    kept = asked(home, ASKED, old)
    published = _done(trigpoint("publish", "--json", "--home", home.root))
    left = {
        table: asked(home, f"select * from {table} where source_id = '{ENDED}'").height
        for table in ("figures", "claims", "figure_versions", "publications", "breakers")
    }
    after, quarantined = asked(home, EVERYTHING), asked(home, QUARANTINED).item()
    load = ("load", "--from", home.simulated, "--source", ENDED, "--home", home.root)
    reloaded = trigpoint(*load)
    agree(folder)
    _done(trigpoint("publish", "--json", "--home", home.root))
    return Story(
        home, before, old, at_once, kept, published, left, after, quarantined, reloaded,
        asked(home, EVERYTHING), releases.current(home).agreements, asked(home, ASKED, old),
    )  # fmt: skip


QUARANTINED = f"select count(*) from quarantined where source_id = '{ENDED}'"


def _done(ran: Any) -> Any:
    assert ran.code in {0, 3}, ran.error
    return json.loads(ran.out)


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_every_answer_says_withheld_at_once(story: Story, form: str):
    rows = story.at_once[form]
    assert rows and {row["value"] or None for row in rows} == {None}
    assert {row["missing_reason"] for row in rows} == {WITHHELD}
    assert WITHHELD in story.at_once["table"]


def test_a_kept_release_says_so_too_until_the_agreement_is_renewed(story: Story):
    assert story.kept.height and story.kept["value"].null_count() == story.kept.height
    assert story.kept_after_renewal["value"].drop_nulls().len() > 0


def test_publish_leaves_the_source_out_before_the_decision(story: Story):
    assert set(story.left.values()) == {0} and story.quarantined == 0
    assert story.published["release"]["release_id"] != story.old_release
    others = story.before.filter(pl.col("source_id") != ENDED)["figure_id"]
    assert set(others) <= set(story.after["figure_id"])
    # Where somebody else speaks of the same cell, that source is followed now.
    ours = story.before.filter(pl.col("source_id") == ENDED)["figure_id"].implode()
    followed = story.after.filter(pl.col("figure_id").is_in(ours))
    assert followed.height > 0 and followed["value"].null_count() < followed.height


def test_its_files_can_still_land(story: Story):
    assert story.reloaded.code == 0, story.reloaded.error
    assert list((story.home.landing / ENDED).iterdir())


def test_a_renewed_agreement_brings_every_figure_back(story: Story):
    assert story.renewed.equals(story.before)
    assert story.agreed[ENDED] == "2035-01-01"


def test_the_commands_name_what_is_left_out_and_why(story: Story):
    """The agreement that ended is not the one that the source declares, which is said first."""
    told = f"Left out: {ENDED}, because agreement open_government does not list the source {ENDED}."
    listed, status = story.at_once["agreements"], story.at_once["status"]
    assert told in listed.out and listed.code == 3
    assert told in status.out and status.code == 0


@pytest.mark.parametrize("command", ["diff", "figure"])
def test_what_changed_and_what_stands_behind_it_is_withheld_too(story: Story, command: str):
    ran = story.at_once[command]
    assert ran.code == 0, ran.error
    ours = [
        line for line in ran.out.splitlines() if "cases_by_specimen_date " in line or ENDED in line
    ]
    assert ours and all(WITHHELD in line for line in ours)


# The command alone


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    agree(tmp_path / "agreements")
    return tmp_path / "agreements"


def ends_in(folder: Path, days: int) -> str:
    day = str(agreements.today() + timedelta(days=days))
    path = folder / "local_returns.toml"
    path.write_text(path.read_text().replace("2031-01-01", day))
    return day


def test_all_is_well(folder: Path, trigpoint: Running):
    ran = trigpoint("agreements")
    assert ran.code == 0 and "holds" in ran.out and "Left out" not in ran.out


@pytest.mark.parametrize(("days", "warned"), [(30, True), (31, False)])
def test_it_warns_30_days_ahead(folder: Path, trigpoint: Running, days: int, warned: bool):
    day = ends_in(folder, days)
    ran = trigpoint("agreements")
    told = f"Ends in 30 days: agreement local_returns, on {day}. Renew it, or its sources are"
    assert ran.code == 0 and (told in ran.out) == warned
    assert bool(json.loads(trigpoint("agreements", "--json").out)["ending"]) == warned


def test_a_missing_sign_off_leaves_the_source_out(folder: Path, trigpoint: Running):
    path = folder / "local_returns.toml"
    path.write_text(re.sub(r"\[sign_offs.clinical]\n.*\n.*\n", "", path.read_text()))
    ran = trigpoint("agreements", "--json")
    left_out = json.loads(ran.out)["left_out"]
    assert ran.code == 3 and [one["source_id"] for one in left_out] == ["local_returns"]
    assert left_out[0]["why_not"] == "agreement local_returns is not signed for clinical"


def test_an_agreement_that_cannot_be_read_is_one_plain_line(folder: Path, trigpoint: Running):
    (folder / "local_returns.toml").write_text('title = "half"\n')
    ran = trigpoint("agreements")
    assert ran.code == 2 and ran.out == ""
    assert re.fullmatch(
        r"agreements/local_returns\.toml: controller is missing; write who decides why and how "
        r"the data are used \(\d+ more after that\)\n",
        ran.error,
    )


def test_an_agreement_that_has_ended_leaves_its_source_out(folder: Path, trigpoint: Running):
    day = ends_in(folder, 0)
    ran = trigpoint("agreements")
    told = f"Left out: local_returns, because agreement local_returns ended on {day}."
    assert ran.code == 3 and told in ran.out and "Ends in" not in ran.out


def test_status_goes_on_where_an_agreement_cannot_be_read(
    folder: Path, trigpoint: Running, simulated_home: Home
):
    (folder / "local_returns.toml").write_text('title = "half"\n')
    ran = trigpoint("status", "--home", simulated_home.root)
    assert ran.code == 0 and "Left out: local_returns, because" in ran.out
    assert "agreements/local_returns.toml: controller is missing" in ran.error


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.links += [given[name] or "" for name in ("src", "href") if name in given]
        self.language = given.get("lang") if tag == "html" else self.language


def test_register_and_record_are_written_for_the_public(
    folder: Path, trigpoint: Running, tmp_path: Path
):
    path = folder / "local_returns.toml"
    path.write_text(path.read_text().replace('"Returns of local bodies"', '"<b>=Returns & more"'))
    ran = trigpoint("agreements", "--register", tmp_path / "public")
    assert ran.code == 0
    agreed = len(list(folder.glob("*.toml")))
    for name in ("register", "record-of-processing"):
        page = (tmp_path / "public" / f"{name}.html").read_text()
        outline = Outline()
        outline.feed(page)
        assert outline.language == "en-GB" and outline.tags.count("h1") == 1
        assert outline.tags.count("table") == outline.tags.count("caption") == agreed
        assert outline.tags.count("h2") == agreed and "b" not in outline.tags
        assert all(link.startswith("#") for link in outline.links) and len(outline.links) == agreed
        text = (tmp_path / "public" / f"{name}.csv").read_text(encoding="utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["Name"] for row in rows] == sorted(row["Name"] for row in rows)
        assert len(rows) == agreed and all(all(row.values()) for row in rows)
    assert {"Categories of data subjects", "Time limits for erasure", "Security measures"} <= set(
        rows[0]
    )


def test_a_source_that_is_not_public_may_not_speak_of_a_public_metric(
    folder: Path, trigpoint: Running
):
    path = folder / "local_returns.toml"
    guarded = path.read_text().replace('"published"', '"nhs_subnational"')
    path.write_text(guarded.replace('everyone = "exact"', 'everyone = "controlled"'))
    ran = trigpoint("agreements", "--json")
    [left] = json.loads(ran.out)["left_out"]
    assert ran.code == 3 and left["source_id"] == "local_returns"
    assert left["why_not"] == (
        "agreement local_returns asks for nhs_subnational, and the source speaks of "
        "cases_by_specimen_date, which is published; give it a metric of its own"
    )
