from datetime import date, datetime

import pytest

from dashboard import sentences, words


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(98412, 0, "98,412"), (6.24, 1, "6.2"), (-3, 0, "\u22123"), (None, 0, "not available")],
)
def test_numbers(value, decimals, shown):
    assert words.number(value, decimals) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (3.0, "3"),
        (1234.5, "1,234.5"),
        (-0.00000012, "\u22120.00000012"),
        (0.1 + 0.2, "0.3"),
        (1 / 3, "0.33333333"),
        (123456789.5, "123,456,789.5"),
        (1.5e-30, "1.5e-30"),
    ],
)
def test_what_is_reckoned_keeps_the_digits_that_it_has(value, shown):
    assert words.reckoned(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(1204, "+1,204"), (-612, "\u2212612"), (0, "0"), (-0.2, "0")]
)
def test_changes_carry_their_sign(value, shown):
    assert words.signed(value) == shown


@pytest.mark.parametrize(
    ("value", "beside", "shown"),
    [
        (0.95, None, "95%"),
        (0.964, None, "96.4%"),
        (0.9504, None, "95%"),
        (0.95, 0.95, "95%"),
        (0.98, 0.95, "98%"),
        (0.9504, 0.95, "95.04%"),
        (0.9499996, 0.95, "94.99996%"),
    ],
)
def test_a_share_that_is_not_the_limit_does_not_read_as_the_limit(value, beside, shown):
    assert words.share(value, beside) == shown


def test_a_time_is_said_only_where_one_was_stated():
    assert words.moment(datetime(2020, 8, 5)) == "5 August 2020"
    assert words.moment(datetime(2020, 8, 5, 16, 5)) == "16:05 on 5 August 2020"


def test_areas_read_as_in_a_sentence():
    assert words.place("North East") == "the North East"
    assert words.place("London") == "London"
    assert words.place("West Berkshire") == "West Berkshire"


@pytest.mark.parametrize(
    ("value", "reason", "provisional", "mark"),
    [
        (5, None, False, ""),
        (5, None, True, "p"),
        (None, "suppressed_by_publisher", False, "c"),
        (None, "not_collected", False, "z"),
        (None, "withdrawn", False, "x"),
        (None, None, None, "x"),
    ],
)
def test_every_kind_of_missing_has_its_mark(value, reason, provisional, mark):
    assert words.mark(value, reason, provisional) == mark


def headline(**changes):
    usual = {
        "value": 626.0,
        "value_before": 750.0,
        "event_date": date(2020, 7, 30),
        "grain": "day",
        "direction": "up_is_worse",
        "decimals": 0,
    }
    return usual | changes


def test_a_change_has_sign_words_and_arrow():
    assert sentences.change(headline()) == (
        "\u25bc",
        "\u2212124 since the Thursday before",
        "better",
    )


def test_a_change_without_direction_is_neither_good_nor_bad():
    assert sentences.change(headline(direction="neither"))[2] == "neither"


def test_no_change_is_claimed_without_a_value_before():
    arrow, told, judged = sentences.change(headline(value_before=None))
    assert (arrow, judged) == ("", "neither")
    assert told == "No value for the Thursday before to compare with"


@pytest.mark.parametrize(
    ("ranges", "held", "said"),
    [
        (0, None, "No such range of the past can be checked yet."),
        (1, 1.0, "Of 1 past range at the same ages, 100% held the final value."),
        (1240, 0.948, "Of 1,240 past ranges at the same ages, 95% held the final value."),
    ],
)
def test_how_often_ranges_held_is_said_in_words(ranges, held, said):
    assert sentences.ranges_held(ranges, held) == said


def test_a_held_file_is_named_among_sources():
    told = sentences.sources(["current", "held", "late", "late"])
    assert told == (
        "1 of 4 sources are up to date with the newest file; 2 are late and a file of 1 is held."
    )


def test_sources_in_one_sentence():
    told = sentences.sources(["current", "current", "late", "refused", "nothing"])
    assert told == (
        "2 of 4 sources are up to date with the newest file; 1 is late and the newest file of "
        "1 was refused. Of all 5 sources, 1 has brought no file."
    )


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["nothing"] * 14, "None of 14 sources is up to date: 14 have brought no file."),
        (
            ["ended", "nothing"],
            "None of 2 sources is up to date: 1 has ended and 1 has brought no file.",
        ),
        ([], "There is no source."),
        (["current"], "1 of 1 source is up to date with the newest file."),
        (
            ["current", "ended", "ended"],
            "1 of 1 source is up to date with the newest file. Of all 3 sources, 2 have ended.",
        ),
    ],
)
def test_sources_that_bring_nothing_are_counted_and_explained(states, said):
    assert sentences.sources(states) == said


@pytest.mark.parametrize(
    ("told", "reason", "said"),
    [
        (("published", "as published", "already public"), None, "Already public, so it is shown"),
        (("nhs_subnational", "exact", "own"), None, "Not public: the exact number, shown because"),
        (
            ("nhs_subnational", "controlled", "a small count"),
            "suppressed_by_us",
            "Hidden to protect privacy: a small count.",
        ),
        (
            ("nhs_subnational", "controlled", "rounded on its own"),
            None,
            "Not public: shown under the rule \u201cnhs subnational\u201d: rounded on its own.",
        ),
    ],
)
def test_disclosure_is_said_as_this_reader_sees_it(told, reason, said):
    fields = dict(zip(("disclosure_class", "view", "why"), told, strict=True))
    assert words.disclosure(fields, reason).startswith(said)
