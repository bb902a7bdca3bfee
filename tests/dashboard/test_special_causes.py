"""Series judged by an XmR chart: planted by hand, and beside a plain reckoning of every rule."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest

from dashboard import exceptions
from dashboard.queries.special_causes import FEWEST, MOST, SMALLEST, special_causes
from store.paths import Home
from store.reader import Reader, open_reader
from tests.dashboard import small_england
from tests.dashboard.small_england import ENGLAND, LEICESTER, REGIONS

CASES, DEATHS = "cases_by_specimen_date", "deaths_28d_by_death_date"
REPORTS = "cases_by_report_date"
SETTLED = date(2020, 7, 30)
STEADY = [100, 104] * 14


# The newest of each is no longer near the limit that two before it were near.
BACK = {"E08000003": [93, 93, 102], "E09000012": [110, 110, 101]}
ENDS: list[tuple[list[float], str | None]] = [
    ([102], None),
    ([112], None),
    # The mean is 102 and the mean moving range 4, so the limits lie 10.64 to each side.
    ([113], "outside_limits"),
    ([91], "outside_limits"),
    ([110, 103, 110], "near_limit"),
    ([93, 101, 93], "near_limit"),
    ([103, 104, 103, 104, 103, 104, 103], "seven_one_side"),
    ([101, 100, 101, 100, 101, 100, 101], "seven_one_side"),
    ([99, 100, 101, 102, 103, 104, 105], "seven_one_way"),
    ([105, 104, 103, 102, 101, 100, 99], "seven_one_way"),
]
AREAS = [LEICESTER, *REGIONS]
TOO_FEW, TOO_SMALL = "E08000025", "E06000060"


def planted() -> dict[str, list[float]]:
    """The cases of some areas, the last on the last settled day."""
    steady = {
        area: [*STEADY[: 29 - len(end)], *end] for area, (end, _) in zip(AREAS, ENDS, strict=True)
    }
    back = {area: [*STEADY[: 29 - len(end)], *end] for area, end in BACK.items()}
    return (
        steady
        | back
        | {
            TOO_FEW: [*STEADY[: FEWEST - 1], 900],
            TOO_SMALL: [0, 1] * 14 + [4],
        }
    )


# Reports with dates that are missing (None) or hidden (HIDDEN), by area, the last on `SETTLED`.
HIDDEN = -1.0
NINE = list(REGIONS)
BROKEN: dict[str, tuple[list[float | None], str | None]] = {
    NINE[0]: ([*STEADY[:20], None, 113], "outside_limits"),
    NINE[1]: ([*STEADY[:20], 103, 104, 103, 104, None, 103, 104, 103], None),
    NINE[2]: ([*STEADY[:20], 99, 100, 101, None, 102, 103, 104, 105], None),
    NINE[3]: ([*STEADY[:20], 110, None, None, 110], None),
    NINE[4]: ([*STEADY[:20], HIDDEN, *STEADY[:7], 900], None),
    NINE[5]: ([*STEADY[:20], *[None] * 6, *STEADY[:7], 900], "outside_limits"),
    NINE[7]: ([100] * 28 + [103], "no_longer_same"),
    NINE[8]: ([100] * 29, None),
    NINE[6]: ([*STEADY[:20], *[None] * 7, *STEADY[:7], 900], None),
}


def dated(values: list[float | None]) -> list[tuple[date, float]]:
    days = [SETTLED - timedelta(len(values) - 1 - place) for place in range(len(values))]
    return [
        (day, float(value)) for day, value in zip(days, values, strict=True) if value is not None
    ]


def with_planted(frame: pl.DataFrame) -> pl.DataFrame:
    """Of a series that is planted nothing else is left up to `SETTLED`, of reports nothing else."""
    series = {(CASES, area): dated([*values]) for area, values in planted().items()}
    series |= {(REPORTS, area): dated(values) for area, (values, _) in BROKEN.items()}
    key = ["metric_id", "area_id", "event_date"]
    rows = [(*names, *point) for names, points in series.items() for point in points]
    found = pl.DataFrame(rows, schema=[*key, "planted"], orient="row")
    is_planted = pl.col("planted").is_not_null()
    is_hidden = pl.col("planted") == HIDDEN
    reason = pl.when(is_hidden).then(pl.lit("suppressed")).when(~is_planted).then("missing_reason")
    is_report = (pl.col("metric_id") == REPORTS) & pl.col("area_id").is_in(list(BROKEN))
    shown = pl.when(is_hidden).then(None).when(is_planted).then("planted")
    is_of_planted = (pl.col("metric_id") == CASES) & pl.col("area_id").is_in(list(planted()))
    value = shown.when(is_of_planted).then(None).otherwise("value").alias("value")
    joined = frame.join(found, on=key, how="left").filter(is_planted | ~is_report)
    return joined.with_columns(value, reason.alias("missing_reason")).drop("planted")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    root = tmp_path_factory.mktemp("planted")
    given = small_england.tables()
    for name in ("figures", "figure_versions"):
        given[name] = with_planted(given[name])
    small_england.release_of(root, given, is_simulated=True)
    with open_reader(Home(root)) as opened:
        yield opened


@pytest.fixture(scope="module")
def found(reader: Reader) -> dict[str, dict]:
    rows = special_causes(reader, [CASES], list(planted())).to_dicts()
    assert len({row["area_id"] for row in rows}) == len(rows)
    return {row["area_id"]: row for row in rows}


@pytest.mark.parametrize(
    ("area", "end", "rule"),
    [(area, *end) for area, end in zip(AREAS, ENDS, strict=True)],
    ids=[str(end) for end, _ in ENDS],
)
def test_a_point_is_judged_by_the_points_before_it(
    found: dict[str, dict], area: str, end: list[float], rule: str | None
):
    row = found.get(area)
    assert (row and row["rule_id"]) == rule
    assert row is None or row["value"] == end[-1]


def test_two_of_three_near_a_limit_are_no_cause_once_the_newest_is_back(found: dict[str, dict]):
    assert not {*BACK} & {*found}


@pytest.mark.parametrize(("area", "rule"), [(area, rule) for area, (_, rule) in BROKEN.items()])
def test_points_in_a_row_are_of_dates_in_a_row_and_hidden_ones_are_not_left_out(
    reader: Reader, area: str, rule: str | None
):
    found = special_causes(reader, [REPORTS], [area])
    assert found["rule_id"].to_list() == ([rule] if rule else [])
    assert not rule or found["value"].item() == BROKEN[area][0][-1]


def test_a_value_that_was_always_the_same_is_told_with_what_it_was(reader: Reader):
    (row,) = [
        one
        for one in exceptions.ranked(reader, [REPORTS], [NINE[7]], ENGLAND)
        if one["rule_id"] == "no_longer_same"
    ]
    assert row["why"] == "Was 100 throughout the 28 days before."
    assert row["severity"] == pytest.approx(0.03) and row["is_high"]


def test_the_limits_are_told_with_the_point(found: dict[str, dict]):
    row = found[AREAS[2]]
    assert (row["value"], row["value_before"], row["points"]) == (113, 104, 28)
    assert (row["mean"], row["low"], row["high"]) == pytest.approx((102, 91.36, 112.64))
    assert row["distance"] == pytest.approx(11 / 10.64)


def test_what_chance_alone_can_move_is_not_judged(found: dict[str, dict]):
    assert not {TOO_FEW, TOO_SMALL} & {*found}


def reckoned(values: list[float]) -> str | None:
    """The rule that the last of some values breaks, in plain Python."""
    *before, last = values[-(MOST + 1) :]
    mean = sum(before) / len(before)
    moves = [abs(b - a) for a, b in pairwise(before)]
    reach = 2.66 * sum(moves) / len(moves)
    newest = values[-7:]
    if reach == 0 and last != before[-1]:
        return "no_longer_same"
    if abs(last - mean) > reach > 0:
        return "outside_limits"
    for sign in (1, -1):
        near = [sign * (value - mean) > 2 / 3 * reach for value in values[-3:]]
        if near[-1] and sum(near) >= 2:
            return "near_limit"
    for sign in (1, -1):
        if all(sign * (value - mean) > 0 for value in newest):
            return "seven_one_side"
    for sign in (1, -1):
        if all(sign * (b - a) > 0 for a, b in pairwise(newest)):
            return "seven_one_way"
    return None


def test_every_series_of_a_release_is_judged_as_a_plain_reckoning_does(reader: Reader):
    areas = [ENGLAND, *planted()]
    rows = special_causes(reader, [CASES, DEATHS], areas)
    settled = reader.ask(
        "select metric_id, area_id, value from figures where stratum_id = 'all' "
        "and not is_provisional and (value is not null or missing_reason like 'suppressed%') "
        "order by event_date"
    )
    expected = {}
    for key, series in settled.group_by("metric_id", "area_id", maintain_order=True):
        values = series["value"].to_list()[-(MOST + 1) :]
        is_judged = key[0] in {CASES, DEATHS} and key[1] in areas and len(values) > FEWEST
        if not is_judged or None in values:
            continue
        if sum(values) / len(values) >= SMALLEST and (rule := reckoned(values)):
            expected[key] = rule
    assert any(metric == DEATHS for metric, _ in expected) or len(expected) > len(ENDS) - 2
    assert {(r["metric_id"], r["area_id"]): r["rule_id"] for r in rows.to_dicts()} == expected
