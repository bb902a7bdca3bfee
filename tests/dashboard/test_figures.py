import base64
import re
from datetime import date, datetime

import polars as pl

from dashboard.components.chart import QUIET, graph
from dashboard.figures import bars, hexagons, line
from dashboard.figures.svg import sparkline
from dashboard.hexagons import Cell


def series(values, provisional=0, first=date(2020, 7, 1)):
    dates = pl.date_range(first, interval="1d", end=date(2020, 8, 30), eager=True)
    count = len(values)
    return pl.DataFrame(
        {
            "event_date": dates[:count],
            "value": values,
            "is_provisional": [False] * (count - provisional) + [True] * provisional,
            "is_hidden": [False] * count,
            "mean": pl.Series([None] * count, dtype=pl.Float64),
            "expected_low": pl.Series([None] * count, dtype=pl.Float64),
            "expected_high": pl.Series([None] * count, dtype=pl.Float64),
        }
    )


def test_dates_filling_in_are_shaded_dashed_and_named():
    drawn = line.trend(series([5.0, 6.0, 7.0, 4.0, 1.0], provisional=2), "Cases a day")
    (block,), (word,) = drawn["layout"]["shapes"], drawn["layout"]["annotations"]
    assert (block["x0"], block["x1"]) == ("2020-07-03T12:00:00", "2020-07-05T12:00:00")
    assert word["text"] == "Incomplete"
    settled, dashed = drawn["data"]
    assert settled["y"] == [5.0, 6.0, 7.0, None, None]
    assert dashed["y"] == [None, None, 7.0, 4.0, 1.0]
    assert dashed["line"]["dash"] == "dash"


def test_no_line_of_a_comparison_is_drawn_across_days_without_a_rate():
    days = [date(2020, 7, 1), date(2020, 7, 2), date(2020, 7, 5)]
    rates = pl.DataFrame(
        {"area_id": ["E06000016"] * 3, "area_name": ["Leicester"] * 3, "event_date": days}
    ).with_columns(value=pl.Series([3.0, 4.0, 5.0]))
    (drawn,) = line.comparison(rates, ["E06000016", "E92000001"])["data"]
    assert drawn["y"] == [3.0, 4.0, None, None, 5.0]
    assert drawn["x"][2:4] == [date(2020, 7, 3), date(2020, 7, 4)]
    assert (drawn["name"], drawn["connectgaps"]) == ("Leicester", False)


def test_the_range_of_final_values_is_a_band_below_the_lines_and_fits_the_axis():
    points = series([5.0, 6.0, 7.0, 4.0, 1.0], provisional=2).with_columns(
        expected_low=pl.Series([None, None, None, 5.0, 3.0]),
        expected_high=pl.Series([None, None, None, 8.0, 20.0]),
    )
    drawn = line.trend(points, "Cases a day")
    low, high, *lines = drawn["data"]
    assert low["y"] == [None, None, None, 5.0, 3.0]
    assert (high["y"][-1], high["fill"], high["line"]["width"]) == (20.0, "tonexty", 0)
    assert [one["y"][2] for one in lines] == [7.0, 7.0]
    assert drawn["layout"]["yaxis"]["range"][1] == 22


def test_a_date_filling_in_between_settled_ones_is_shaded_alone():
    points = series([5.0, 6.0, 7.0, 8.0]).with_columns(
        is_provisional=pl.Series([False, True, False, False])
    )
    drawn = line.trend(points, "Cases a day")
    assert [block["x1"] for block in drawn["layout"]["shapes"]] == ["2020-07-02T12:00:00"]


def test_a_gap_breaks_the_line_and_is_not_zero():
    (drawn,) = line.trend(series([5.0, None, 7.0]), "Cases a day")["data"]
    assert drawn["y"] == [5.0, None, 7.0]
    assert drawn["connectgaps"] is False
    assert drawn["mode"] == "lines"


def test_a_hidden_newest_value_is_marked_and_neither_zero_nor_a_gap():
    points = series([5.0, 6.0, None]).with_columns(is_hidden=pl.Series([False, False, True]))
    layout = line.trend(points, "Cases a day")["layout"]
    (block,), (mark,) = layout["shapes"], layout["annotations"]
    assert (block["x0"], block["x1"]) == ("2020-07-02T12:00:00", "2020-07-03T12:00:00")
    assert mark["text"] == "[c]"
    assert layout["xaxis"]["range"][1] == block["x1"]


def test_counts_start_at_zero_and_the_axis_keeps_to_the_data():
    layout = line.trend(series([50.0, 60.0]), "Cases a day")["layout"]
    assert layout["yaxis"]["range"][0] == 0
    assert layout["xaxis"]["range"][0] == "2020-07-01T00:00:00"


def test_versions_are_steps_of_which_the_last_can_be_seen():
    known = [datetime(2020, 7, 1, 16), datetime(2020, 7, 11, 16)]
    history = pl.DataFrame({"known_from": known, "value": [85.0, 706.0]})
    drawn = line.versions(history, "cases")
    (steps,) = drawn["data"]
    assert steps["line"]["shape"] == "hv"
    assert steps["x"][-1] > known[-1]
    assert steps["y"] == [85.0, 706.0, 706.0]


def test_no_graph_has_a_mode_bar_or_sends_anything():
    config = graph({"data": []}).config
    assert config is QUIET
    assert config["displayModeBar"] is False
    assert config["showSendToCloud"] is False
    assert config["plotlyServerURL"] == ""


def test_a_sparkline_breaks_at_gaps_and_ends_in_a_dot():
    address = sparkline([1.0, 2.0, None, 4.0, 5.0])
    svg = base64.b64decode(address.partition(",")[2]).decode()
    assert svg.count("<polyline") == 2
    assert svg.count("<circle") == 1


def test_a_sparkline_of_nothing_is_empty_and_of_zeros_is_flat():
    assert "polyline" not in base64.b64decode(sparkline([]).partition(",")[2]).decode()
    assert sparkline([0.0, 0.0])


def svg_of(address):
    return base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()


def bars_of(address):
    """Left end, right end and colour of the bar of an image, in parts of its room."""
    found = re.findall(
        r'<rect x="([\d.]+)" y="3" width="([\d.]+)" .*?fill="(#\w+)"', svg_of(address)
    )
    ((left, width, colour),) = found
    room = bars.WIDTH - 2
    return (float(left) - 1) / room, (float(left) - 1 + float(width)) / room, colour


def test_parts_of_a_waterfall_begin_where_the_one_before_ended_and_end_at_the_whole():
    whole, *parts = [bars_of(one) for one in bars.waterfall([60.0, 40.0, -20.0])]
    ends = [(round(left, 2), round(right, 2)) for left, right, _ in (whole, *parts)]
    assert ends == [(0, 0.8), (0, 0.6), (0.6, 1), (0.8, 1)]
    assert [colour for *_, colour in parts] == [bars.RISES, bars.RISES, bars.FALLS]


def test_a_waterfall_below_nothing_has_its_line_at_nothing():
    whole, part, _ = bars.waterfall([-50.0, 25.0])
    assert bars_of(part)[:2] == (0, 1)
    assert 'd="M199.0 0V20"' in svg_of(whole)


def test_a_share_stands_against_its_limit_and_has_another_colour_above_it():
    above, below = svg_of(bars.share(0.97, 0.95)), svg_of(bars.share(0.9, 0.95))
    assert bars.WORSE in above and bars.WORSE not in below
    assert 'width="194.0"' in above and "M190.0 0" in above
    assert f'width="{bars.WIDTH:.1f}"' in svg_of(bars.share(1.2, 0.95))


def test_outlined_hexagons_are_drawn_last_and_texts_are_escaped():
    one = hexagons.Hexagon("A", Cell(0, 0), "band-0", 'A & "B": 1', "/areas/A?x=1&y=2")
    other = hexagons.Hexagon("B", Cell(1, 0), "hidden", "B: hidden", "/areas/B")
    drawn = hexagons.drawn([one, other], ["A"])
    assert drawn.index("/areas/B") < drawn.index('class="halo"') < drawn.index("/areas/A")
    assert "A &amp; &quot;B&quot;: 1" in drawn and 'data-href="/areas/A?x=1&amp;y=2"' in drawn
    assert 'class="band-0 here"' in drawn
