"""The worst data days run again, as an operator runs them; the long ones with `make replays`."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline import cli
from pipeline.check import Breaker
from pipeline.verdict import Answer, DayPlayed, Shown, closing_sentence
from simulation.publishers.published import PublishedFile
from simulation.replays import all_replays, missing_deaths
from simulation.replays.story import PublicationDay, Replay

QUICK = ("pillar-dedup",)
LONG = (
    "missing-deaths",
    "negative-area",
    "reinfections",
    "trust-split",
    "for-or-with",
    "xls-truncation",
    "death-definition",
    "void-positives",
    "lfd-removed",
    "address-priority",
    "denominators",
    "coverage-widened",
)
LONGEST_S = 180
# The figures that were published; a replay that no longer asserts them proves nothing.
PUBLISHED = {
    "xls-truncation": {15_841, 4_786, 12_872, 22_961},
    "pillar-dedup": {160_764, 243_910, 82_623, 523, -30_302},
    "death-definition": {42_072, 40_404, 36_695, -5_377},
    "void-positives": {-1_283, 100},
    "lfd-removed": {-8_010, -4_787, 3_150},
    "reinfections": {14_845_382, 588_114, 4.0},
    "missing-deaths": {141, 341, 398},
    "address-priority": {0},
    "negative-area": {2, -1, 1},
    "denominators": {61.8, 42.2, 124_798, 182_739, 46},
    "coverage-widened": {0},
    "trust-split": {3_530, 3_199},
    "for-or-with": {1_015, 760},
}
Running = Callable[..., Any]


@pytest.mark.parametrize(
    "replay_id", [*QUICK, *(pytest.param(one, marks=pytest.mark.long) for one in LONG)]
)
def test_a_data_day_ends_as_it_is_known_to(replay_id: str, tmp_path: Path, trigpoint: Running):
    ran = trigpoint("replay", replay_id, "--home", tmp_path, "--json", timeout=LONGEST_S)
    verdict = json.loads(ran.out)
    assert verdict["missed"] == [], ran.error
    assert (ran.code, verdict["is_met"]) == (0, True)
    assert [day["published_on"] for day in verdict["days"]] == days_of(replay_id)
    found = {
        answer["says"]: answer["found"] for day in verdict["days"] for answer in day["answers"]
    }
    known = all_replays()[replay_id].answers
    assert {answer.says: answer.expected for answer in known}.items() <= found.items()
    assert "A naive store would have shown" in verdict["sentence"]


def days_of(replay_id: str) -> list[str]:
    return [str(day.published_on) for day in all_replays()[replay_id].days()]


def test_every_one_of_the_worst_data_days_can_be_run_again(trigpoint: Running):
    listed = json.loads(trigpoint("replay", "--list", "--json").out)["replays"]
    assert sorted(row["replay_id"] for row in listed) == sorted([*QUICK, *LONG])
    assert [row["happened_on"] for row in listed] == sorted(row["happened_on"] for row in listed)
    assert set(PUBLISHED) == set(QUICK) | set(LONG)


@pytest.mark.parametrize("replay_id", sorted(PUBLISHED))
def test_the_published_figures_are_asserted(replay_id: str):
    answers = all_replays()[replay_id].answers
    assert {answer.expected for answer in answers} >= PUBLISHED[replay_id]
    assert len({answer.says for answer in answers}) == len(answers)


def without_the_late_deaths() -> list[PublicationDay]:
    """Sunday's file as if the 141 deaths had never been added: 257 in the United Kingdom."""
    first, second = missing_deaths.days()
    (file,) = second.files["phe_deaths_csv"]
    altered = file.content.replace(b",398,55024", b",257,54883")
    assert altered != file.content
    return [first, replace(second, files={"phe_deaths_csv": [PublishedFile(file.name, altered)]})]


@pytest.mark.long
def test_a_replay_whose_answers_do_not_come_out_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    altered = replace(missing_deaths.REPLAY, days=without_the_late_deaths)
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    monkeypatch.setattr(cli, "find_replay", lambda _: altered)
    with pytest.raises(SystemExit) as ended:
        cli.main(["replay", "missing-deaths"])
    told = capfd.readouterr().out
    assert ended.value.code == 1
    assert "Not met: the UK's deaths of Sunday: 257, where 398 is known." in told
    # The event still takes its 141 out of what is there, which is no longer 257.
    assert "Not met: of Sunday's deaths in the UK, the day's own: 116, where 257 is known." in told


def test_a_folder_that_no_replay_made_is_left_alone(tmp_path: Path, trigpoint: Running):
    own = tmp_path / "replays" / "trust-split"
    own.mkdir(parents=True)
    (own / "somebody's.txt").write_text("not a replay's")
    ran = trigpoint("replay", "trust-split", "--home", tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "holds something other than a replay" in ran.error
    assert [path.name for path in own.iterdir()] == ["somebody's.txt"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a-good-day"], "there is no replay 'a-good-day'; there are "),
        ([], "say which data day to run again, or --list"),
        (["trust-split", "--list"], "say which data day to run again, or --list"),
    ],
)
def test_what_cannot_be_run_is_said_in_one_line(
    arguments: Sequence[str], words: str, tmp_path: Path, trigpoint: Running
):
    ran = trigpoint("replay", *arguments, "--home", tmp_path)
    assert (ran.code, ran.out, len(ran.error.splitlines())) == (2, "", 1)
    assert ran.error.startswith(words)


def test_an_answer_is_met_exactly_or_not_at_all():
    assert Answer("cases", 523, 523.0).is_met
    assert not Answer("cases", 523, 523.5).is_met
    assert not Answer("cases", 523, None).is_met
    assert Answer("of the cut file", None, None).is_met
    assert not Answer("the breakers that stand open", "none", "row_cap").is_met


def test_a_store_without_an_answer_has_shown_nothing():
    asked = Shown("uk", "How many?", -29_726.0, None)
    day = DayPlayed(date(2020, 7, 2), "", [asked], list[Breaker](), [], [])
    words = "naive {naive_uk:+,.0f}, Trigpoint {trigpoint_uk:+,.0f}"
    replay: Replay = replace(missing_deaths.REPLAY, verdict=words)
    assert closing_sentence(replay, day) == "naive -29,726, Trigpoint nothing"
