"""Sentences to be read aloud: no change without a rule, no figure without its way to itself."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dashboard.queries.special_causes import judged
from dashboard.spoken import Known, Shown, Way, plain, sentences
from store.agreements import WITHHELD
from store.reader import Reader
from tests.dashboard.small_england import ENGLAND, REGIONS

DAY = date(2020, 7, 30)
ON = "on 30 July 2020"


def source(*states: str) -> dict[str, Any]:
    """One that is all of these; what is said of it first is its state."""
    flags = {"is_late": "late" in states, "is_refused": "refused" in states}
    return {"state": states[0]} | flags


CURRENT = source("current")


def head(name: str = "Cases by specimen date", **more: Any) -> dict[str, Any]:
    own = {"figure_id": name, "metric_name": name, "value": 113.0, "missing_reason": None}
    return own | {"area_name": "London", "event_date": DAY, "grain": "day", "decimals": 0} | more


def ruled(rule_id: str | None, *, is_high: bool | None = None, **more: Any) -> dict[str, Any]:
    limits = {"low": 91.36, "high": 112.64, "mean": 102.0, "points": 28, "value_before": 104.0}
    return head() | limits | {"rule_id": rule_id, "is_high": is_high} | more


def known(**more: Any) -> Known:
    nothing = Known("London", [head()], [ruled(None)], [], 0, [CURRENT], [])
    return replace(nothing, **more)


def told(**more: Any) -> list[str]:
    return [plain(one) for one in sentences(known(**more))]


QUIET = "No source is late and no file is held."


def test_nothing_out_of_the_ordinary_is_said_as_such():
    assert told() == [
        "The headline figure of London is within its ordinary variation.",
        QUIET,
    ]
    assert told(heads=[head(), head("Deaths")])[0] == (
        "Of 2 headline figures of London 1 can be judged and is within its ordinary variation; the "
        "other has too few people or too short a history."
    )
    two = [ruled(None), ruled(None, figure_id="Deaths")]
    assert told(heads=[head(), head("Deaths")], judged=two)[0] == (
        "All 2 headline figures of London are within their ordinary variation."
    )


def test_without_history_or_people_nothing_is_judged():
    """Forty settled days of small counts are no short history."""
    assert told(judged=[])[0] == (
        "The headline figures of London have too few people or too short a history to say what is "
        "unusual."
    )


def test_without_a_headline_there_is_no_sentence():
    assert told(heads=[]) == []


LIMITS = "usual 91 to 113"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ruled("outside_limits", is_high=True), f"rose to 113 {ON}, above the {LIMITS}"),
        (
            ruled("outside_limits", is_high=True, value_before=150.0),
            f"stayed high at 113 {ON}, above the {LIMITS}",
        ),
        (
            ruled("outside_limits", is_high=True, value_before=None),
            f"stayed high at 113 {ON}, above the {LIMITS}",
        ),
        (
            ruled("outside_limits", is_high=False, value=90.0),
            f"fell to 90 {ON}, below the {LIMITS}",
        ),
        (
            ruled("outside_limits", is_high=False, value=90.0, value_before=80.0),
            f"stayed low at 90 {ON}, below the {LIMITS}",
        ),
        (
            ruled("outside_limits", is_high=False, value=4.0, low=4.6, high=5.3),
            f"fell to 4 {ON}, below the usual 5",
        ),
        (
            ruled("no_longer_same", is_high=True, points=28),
            f"rose to 113 {ON}, after 104 throughout the 28 days before",
        ),
        (
            ruled("no_longer_same", is_high=False, grain="week", value=90.0, points=15),
            "fell to 90 in the week to 30 July 2020, after 104 throughout the 15 weeks before",
        ),
        (
            ruled("near_limit", is_high=True, value=110.0),
            f"stood high at 110 {ON}, with two of the last three days near the top of what is "
            "usual",
        ),
        (
            ruled("near_limit", is_high=False, value=93.0),
            f"stood low at 93 {ON}, with two of the last three days near the bottom of what is "
            "usual",
        ),
        (
            ruled("seven_one_side", is_high=True),
            f"stayed above the usual 102.0 for seven days in a row, at 113 {ON}",
        ),
        (
            ruled("seven_one_way", is_high=False),
            f"fell without a break over seven days, to 113 {ON}",
        ),
        (
            ruled("seven_one_way", is_high=True, grain="week"),
            "rose without a break over seven weeks, to 113 in the week to 30 July 2020",
        ),
    ],
)
def test_each_rule_has_its_own_words(row: dict[str, Any], said: str):
    assert told(judged=[row])[0] == f"In London, cases by specimen date {said}."


def test_a_rule_on_another_day_than_the_cards_is_left_out():
    other = ruled("outside_limits", is_high=True, figure_id="an older day")
    assert "rose" not in told(judged=[other])[0]


def test_at_most_three_changes_are_told_and_the_others_counted():
    names = [f"M{place}" for place in range(6)]
    causes = [
        ruled("outside_limits", is_high=True, figure_id=name, metric_name=name)
        for name in names[:5]
    ]
    first, _ = told(
        heads=[head(name) for name in names],
        judged=[*causes, ruled(None, figure_id="M5")],
    )
    assert first.count("rose to") == 3
    assert "; and M2 rose to" in first
    assert first.endswith("; 2 more are out of the ordinary and 1 other is as usual.")


def test_every_clause_holds_its_figure_or_its_page():
    dispute = head() | {"status": "disputed", "other_value": 110.0}
    sources = [CURRENT, source("late")]
    held = [{"source_id": "ons_weekly_deaths", "title": "Deaths registered weekly"}]
    found = sentences(
        known(
            judged=[ruled("outside_limits", is_high=True)],
            disputes=[dispute],
            disputed=1,
            sources=sources,
            held=held,
        )
    )
    assert len(found) == 3
    for sentence in found:
        assert any(isinstance(part, Shown | Way) for part in sentence)
    figures = [part for part in found[0] + found[1] if isinstance(part, Shown)]
    assert [one.row["figure_id"] for one in figures] == ["Cases by specimen date"] * 2
    assert figures[0].about == "Cases by specimen date, London, Thursday 30 July 2020"
    ways = [part for part in found[2] if isinstance(part, Way)]
    assert [(way.path, way.view) for way in ways] == [
        ("/sources", "problems"),
        ("/sources/ons_weekly_deaths", None),
    ]


def test_a_dispute_is_told_with_both_values():
    dispute = head() | {"status": "disputed", "other_value": 110.0}
    beside = head("Deaths") | {"status": "explained", "other_value": 3.0}
    assert told(disputes=[beside, dispute], disputed=1)[1] == (
        f"Sources disagree without an explanation on 1 figure: cases by specimen date {ON}, with "
        "113 used and 110 set aside."
    )
    assert told(disputes=[dispute], disputed=1_200)[1].startswith(
        "Sources disagree without an explanation on 1,200 figures, most of all on cases"
    )
    assert told(disputes=[beside], disputed=0) == told()


def test_of_several_other_values_the_one_that_lies_widest_apart_is_named():
    near = head() | {"status": "disputed", "other_value": 110.0}
    far, explained = near | {"other_value": 150.0}, near | {"other_value": 900.0}
    found = told(disputes=[near, far, explained | {"status": "explained"}], disputed=1)
    assert found[1].endswith("with 113 used and 150 set aside.")


@pytest.mark.parametrize(
    ("reason", "why"),
    [("suppressed_by_us", "hidden to protect privacy"), (WITHHELD, WITHHELD)],
)
def test_what_may_not_be_shown_is_said_with_its_reason(reason: str, why: str):
    hidden = head("Deaths", value=None, missing_reason=reason)
    found = told(heads=[head(), hidden])
    assert found[1] == f"No value of deaths may be shown ({why})."
    assert "None" not in " ".join(found)


@pytest.mark.parametrize(
    ("states", "held", "said"),
    [
        (["current", "late"], 0, "1 of 2 sources is late."),
        (["late", "late", "nothing", "ended"], 0, "2 of 2 sources are late."),
        (
            ["current", "refused"],
            0,
            "The newest file of 1 source was refused, so the last good figures stay.",
        ),
        (["current"], 1, "A file of \u201cDeaths\u201d is held, so the last good figures stay."),
        (
            ["late", "refused", "current"],
            2,
            "1 of 3 sources is late; the newest file of 1 source was refused; and 2 files are "
            "held, so the last good figures stay.",
        ),
    ],
)
def test_what_is_late_refused_or_held_is_told(states: list[str], held: int, said: str):
    files = [{"source_id": "deaths", "title": "Deaths"}] * held
    assert told(sources=[source(one) for one in states], held=files)[-1] == said


def test_a_source_with_a_file_held_counts_as_held_alone_as_everywhere_on_the_page():
    held = [{"source_id": "deaths", "title": "Deaths"}]
    assert told(sources=[source("held", "late"), CURRENT], held=held)[-1] == (
        "A file of \u201cDeaths\u201d is held, so the last good figures stay."
    )


def test_without_any_file_nothing_is_said_of_sources():
    assert told(sources=[source("nothing")]) == told()[:1]
    assert told(sources=[]) == told()[:1]


def test_names_of_areas_read_as_in_a_sentence():
    assert told(area_name="North East")[0].startswith("The headline figure of the North East")


def test_no_sentence_claims_what_no_rule_supports(reader: Reader):
    """On every region of a release: who rose or fell is who breaks a rule, and nobody else."""
    for area in [ENGLAND, *REGIONS]:
        rows = judged(reader, ["cases_by_specimen_date", "deaths_28d_by_death_date"], [area])
        heads = [row | {"missing_reason": None} for row in rows.to_dicts()]
        first = sentences(known(heads=heads, judged=heads))[:1]
        broken = {row["figure_id"] for row in heads if row["rule_id"]}
        spoken_of = {part.row["figure_id"] for part in first[0] if isinstance(part, Shown)}
        assert spoken_of == broken
