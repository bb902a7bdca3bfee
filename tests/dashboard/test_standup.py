"""The stand-up: exceptions by the written rule, one position for all, actions until done."""

from datetime import timedelta

import polars as pl
import pytest
from homes import copied

from dashboard import exceptions
from dashboard.pages import standup
from journal import actions, chain, standups
from journal.reading import questions
from store import releases
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from tests.dashboard import small_england
from tests.dashboard.placed import every, notes_of, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
from tests.dashboard.small_england import ENGLAND, REGIONS, write_release

CASES = "cases_by_specimen_date"
NORTH_WEST, LONDON = "E12000002", "E12000007"
FIGURE = f"{CASES}.{NORTH_WEST}.all.2020-07-30"


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    root = tmp_path_factory.mktemp("published")
    write_release(root)
    return root


@pytest.fixture
def home(published, tmp_path):
    copied(published, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(autouse=True)
def at_home(home, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", "demonstration")


def due(hours=4):
    return (now() + timedelta(hours=hours)).isoformat(timespec="minutes")


def post(address, persona="operations", **form):
    return signed_in(persona).post(f"/standup/{address}", data=form, headers=HERE)


def take_up(home, **changes):
    release_id = releases.current(home).release_id
    form = {"figure": FIGURE, "release": release_id, "text": "Ring the trust", "owner": "Bo"}
    return post("action", **(form | {"due": due()} | changes))


def shown(persona="operations", **query):
    with looking_at("/standup", persona):
        return standup.layout(**query)


def section(page, title):
    found = [one for one in every(page, "Section") if words_in(one).startswith(title)]
    assert len(found) == 1
    return found[0]


def test_exceptions_stand_in_the_order_of_the_written_rule(home):
    ranks = {rule: row["rank"] for rule, row in exceptions.rules().items()}
    with open_reader(home) as reader:
        rows = exceptions.ranked(
            reader, [CASES, "deaths_28d_by_death_date"], [ENGLAND, *REGIONS], ENGLAND
        )
    assert {row["rule_id"] for row in rows} >= {"disputed"}
    order = [(ranks[row["rule_id"]], -row["severity"]) for row in rows]
    assert order == sorted(order)
    (dispute,) = [row for row in rows if row["rule_id"] == "disputed"]
    assert dispute["area_id"] == LONDON and "disagree" in dispute["why"]
    assert all("{" not in row["why"] and "None" not in row["why"] for row in rows)


def test_a_change_is_since_the_one_before_be_it_a_day_or_a_week(home):
    heads = words_in(every(section(shown(area=ENGLAND), "Exceptions"), "Thead")[0])
    assert "Since the one before" in heads and "day" not in heads


def test_the_sentence_counts_what_the_tables_list(home):
    take_up(home)
    page = shown(area=ENGLAND)
    lede = words_in(every(page, "P", "lede")[0])
    (table,) = every(section(page, "Exceptions"), "Tbody")
    rows = len(every(table, "Tr"))
    assert rows and f"{rows} exception" in lede
    assert "1 open action" in lede
    figures = len(every(table, "Button", "figure"))
    sources = [one.href for one in every(table, "A") if one.href.startswith("/sources/")]
    assert sources and figures + len(sources) == rows


def test_whoever_looks_sees_their_own_area_first(home):
    assert "North West" in words_in(every(shown(), "P", "lede")[0])
    assert "Leicester" in words_in(every(shown("local_official"), "P", "lede")[0])
    page = shown(area="E06999999")
    assert "There is no area" in words_in(page) and "North West" in words_in(page)


def test_from_its_start_everybody_looks_at_one_release_until_it_ends(home):
    first = releases.current(home).release_id
    assert post("start").status_code == 303
    write_release(home.root)
    second = releases.current(home).release_id
    assert second != first
    for persona in ("operations", "national_leader"):
        told = words_in(shown(persona, area=NORTH_WEST))
        assert f"everybody looks at release {first}" in told and f"Release {first}" in told
    assert f"Release {second}" in words_in(shown("regional_lead"))
    assert post("end").status_code == 303
    assert f"Release {second}" in words_in(shown(area=NORTH_WEST))
    assert post("end").status_code == 400


def test_one_begins_the_stand_up_of_ones_own_scope_only(home):
    assert post("start", area=LONDON).status_code == 303
    assert standups.going_on(home, LONDON) is None
    assert standups.going_on(home, NORTH_WEST) is not None
    assert "End the stand-up" not in words_in(shown("regional_lead", area=NORTH_WEST))
    assert post("start", "engineer").status_code == 403


def test_an_open_action_is_carried_over_and_a_done_one_is_in_the_minute(home):
    post("start")
    assert take_up(home, text="Ring the trust").status_code == 303
    assert take_up(home, text="Count the beds").status_code == 303
    ring, beds = sorted(actions.open_at(home, now()), key=lambda one: one["text"], reverse=True)
    assert post("done", action=ring["action_id"]).status_code == 303
    post("end")
    page = shown()
    told = words_in(section(page, "Open actions"))
    assert "Count the beds" in told and "Ring the trust" not in told
    assert "Cases by specimen date, North West, Thursday 30 July 2020" in told
    minute = words_in(section(page, "The minute"))
    assert "Done by Maria Silva" in minute and "Opened by Maria Silva: Count the beds" in minute
    assert beds["owner"] == "Bo"
    assert "Count the beds" not in words_in(shown("regional_lead"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"text": " "}, "an action is empty"),
        ({"owner": ""}, "the name of the owner is empty"),
        ({"due": "soon"}, "is not a time"),
        ({"due": "2020-01-01T10:00"}, "within the next year"),
        ({"figure": f"{CASES}.E99999999.all.2020-07-30"}, "There is no such figure"),
        ({"figure": "'; drop table actions"}, "There is no such figure"),
        ({"release": "20010101-000000-000"}, "no longer kept"),
    ],
)
def test_an_action_that_cannot_be_kept_is_refused_in_a_sentence(home, changes, why):
    answer = take_up(home, **changes)
    assert answer.status_code == 400 and why in answer.get_data(as_text=True)
    assert actions.open_at(home, now()) == []


def test_who_took_up_an_action_stands_on_the_audit(home):
    take_up(home)
    asked = questions(home, who="demonstration|operations")
    assert asked["exit"].to_list() == ["action"]
    assert "/standup/action" in asked["question"][0]
    assert chain.verify(home).entry_id > 0


def test_without_a_role_for_it_nothing_is_put_down(home):
    for persona in ("engineer", "data_protection_officer"):
        form = {"figure": FIGURE, "text": "x", "owner": "Bo", "due": due()}
        assert post("action", persona, **form).status_code == 403
        assert "Take up an action" not in words_in(shown(persona, area=ENGLAND))
    assert actions.open_at(home, now()) == []


def test_the_last_stand_up_opens_on_what_it_looked_at(home):
    first = releases.current(home).release_id
    post("start")
    post("end")
    write_release(home.root)
    page = shown()
    (link,) = [a for a in every(section(page, "The minute"), "A") if "looked at" in words_in(a)]
    assert f"release={first}" in link.href
    assert f"Release {first}" in words_in(shown(area=NORTH_WEST, release=first))


def test_a_held_source_is_an_exception_that_leads_to_its_page(home):
    (row,) = [
        one
        for one in every(section(shown(area=ENGLAND), "Exceptions"), "Tr")
        if "1 file is held by a breaker" in words_in(one)
    ]
    assert "Deaths registered weekly" in words_in(row)
    assert [one.href for one in every(row, "A")] == ["/sources/ons_weekly_deaths"]
    assert every(row, "Details") == []


def test_a_late_source_is_told_with_when_it_was_due(home, monkeypatch):
    states = exceptions.sources.states

    def late(reader):
        return states(reader).with_columns(state=pl.lit("late"))

    monkeypatch.setattr(exceptions.sources, "states", late)
    with open_reader(home) as reader:
        rows = exceptions.ranked(reader, [], [], ENGLAND)
    why = {row["source_id"]: row["why"] for row in rows if row["rule_id"] == "source_late"}
    due = "Late: due every day 16:00, newest file of 16:00 on 5 August 2020."
    assert why["phe_cases_vintages"] == due


@pytest.fixture
def changed_twice(tmp_path, monkeypatch):
    """A release in which each change of cases of the last day has a second part of another kind."""
    given = small_england.tables()
    changes = given["figure_changes"]
    second = changes.filter(pl.col("metric_id") == CASES).with_columns(
        kind=pl.lit("correction"), amount=pl.lit(0.0)
    )
    small_england.release_of(tmp_path / "twice", given | {"figure_changes": changes.extend(second)})
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path / "twice"))


def told_of_changes():
    """The sentence, and the figures that the table counts beside each measure."""
    page = shown(area=ENGLAND)
    rows = every(every(section(page, "What changed"), "Tbody")[0], "Tr")
    measures = [row for row in rows if every(row, "Strong")]
    counts = {words_in(row.children[0]): words_in(row.children[1]) for row in measures}
    return words_in(every(page, "P", "lede")[0]), counts


def test_a_figure_that_changed_in_two_ways_is_counted_once(home, changed_twice, monkeypatch):
    twice = told_of_changes()
    monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
    once = told_of_changes()
    figures = sum(int(count) for count in once[1].values())
    assert figures and once[0].startswith(
        f"{figures} figures of England changed in the day to 16:00"
    )
    assert twice[1] == once[1] and twice[0].split(";")[0] == once[0].split(";")[0]


def test_each_part_of_a_change_is_drawn_beside_its_number(home):
    found = section(shown(area=ENGLAND), "What changed")
    rows = every(every(found, "Tbody")[0], "Tr")
    assert rows and len(every(found, "Img", "bar-image")) == len(rows)


def test_the_big_screen_has_every_exception_and_nothing_around_it(home):
    page = shown(area=ENGLAND, view="screen")
    listed = every(every(section(shown(area=ENGLAND), "Exceptions"), "Tbody")[0], "Tr")
    assert len(every(every(page, "Tbody")[0], "Tr")) == len(listed) > 10
    assert every(page, "Header") == every(page, "Footer") == every(page, "Form") == []
    assert "Brought up to date at" in words_in(page)


def test_the_big_screen_asks_anew_for_its_own_area(home):
    with looking_at("/standup", "operations"):
        above, below = standup.refreshed({"area": LONDON})
        gone, _ = standup.refreshed({"area": LONDON, "release": "20200101-000000-000"})
    told = words_in(below)
    assert told.startswith("Stand-up of London") and "Brought up to date" in told
    assert "One file is held" in words_in(above)
    assert "20200101-000000-000 is no longer kept" in words_in(gone)


def test_another_view_is_noted(home):
    assert "There is no view \u201cx\u201d here" in notes_of(shown(area=ENGLAND, view="x"))
