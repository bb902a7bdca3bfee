import csv
import io
import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.exports import (
    LARGEST_PIECE,
    csv_pieces,
    json_pieces,
    to_csv,
    to_json,
    to_parquet,
    visible,
    whole_or_pieces,
)

SIGNS = "=+-@|\uff1d\uff0b\uff0d\uff20"
ANSWER = pl.DataFrame(
    {"area": ["=1+1", "Leeds"], "value": [-5.0, None], "day": [date(2020, 5, 1)] * 2}
)


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_a_number_does_not():
    assert to_csv(ANSWER).splitlines()[1] == "'=1+1,-5.0,2020-05-01"


@settings(deadline=None)
@given(st.lists(st.text(alphabet=f"{SIGNS}\t\0 \u00a0ab", min_size=1), min_size=1))
def test_no_cell_of_any_csv_starts_as_a_formula(texts: list[str]):
    rows = list(csv.reader(io.StringIO(to_csv(pl.DataFrame({"text": texts})).replace("\0", "0"))))
    assert not any(row[0].startswith("\t") or row[0].lstrip()[:1] in set(SIGNS) for row in rows[1:])


def test_no_heading_of_any_csv_starts_as_a_formula():
    told = to_csv(pl.DataFrame({'=HYPERLINK("http://x")': [1], " @sum": [2], "-a, b": [3]}))
    heading = next(csv.reader(io.StringIO(told)))
    assert heading == ['\'=HYPERLINK("http://x")', "' @sum", "'-a, b"]


def test_headings_that_are_one_when_made_safe_are_both_told():
    assert to_csv(pl.DataFrame({"=a": [1], "'=a": [2]})) == "'=a,'=a\n1,2\n"


@pytest.mark.parametrize("dtype", [pl.Enum(["=3+3", "b"]), pl.Categorical()])
def test_nor_does_a_word_of_a_list_of_words(dtype: pl.DataType):
    words = pl.Series("word", ["=3+3", "b", None], dtype)
    lists = pl.Series("words", [["=3+3", "b"], ["b"], None], pl.List(dtype))
    rows = to_csv(pl.DataFrame([words, lists])).splitlines()
    assert rows == ["word,words", "'=3+3,'=3+3; b", "b,b", ","]
    inner = pl.DataFrame({"r": [{"word": "=3+3"}]}, {"r": pl.Struct({"word": dtype})})
    assert to_csv(inner).splitlines()[1][1:].startswith("{")


def test_a_list_within_a_list_is_told_whole():
    nested = pl.DataFrame({"n": [[[place] * 30] * 2 for place in range(2)]})
    rows = [json.loads(row) for (row,) in csv.reader(to_csv(nested).splitlines()[1:])]
    assert rows == nested["n"].to_list()


def test_a_large_answer_is_written_in_small_pieces():
    wide = pl.DataFrame({f"{'x' * 190}{place}": [1.5] * 3000 for place in range(20)})
    uneven = pl.DataFrame({"text": ["a", *(["b" * 900_000] * 9), "c"]})
    for frame in (wide, uneven):
        told = [*json_pieces(frame)]
        assert max(map(len, told)) <= LARGEST_PIECE
        assert json.loads(b"".join(told)) == frame.to_dicts()
        assert b"".join(csv_pieces(frame)).decode() == frame.write_csv()
    assert [to_json(frame.clear()) for frame in (wide, uneven)] == ["[]", "[]"]


def test_a_small_answer_is_whole_and_a_fault_of_the_first_piece_is_told_at_once():
    assert whole_or_pieces([b"a", b"b"]) == b"ab"
    large = [b"x" * LARGEST_PIECE, b"y", b"z"]
    given = whole_or_pieces(iter(large))
    assert not isinstance(given, bytes)
    assert b"".join(given) == b"".join(large)
    with pytest.raises(ZeroDivisionError):
        whole_or_pieces(bytes([1 // zero]) for zero in (0,))


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Sir Gâr / Carmarthenshire, 90+", "Sir Gâr / Carmarthenshire, 90+"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\x00", "a\\nb\\tc\\x00"),
        ("\u202eevil\u2066", "\\u202eevil\\u2066"),
        ("\x9b1m\u2028\ud800", "\\x9b1m\\u2028\\ud800"),
    ],
)
def test_what_cannot_be_seen_is_shown_by_its_escape(text: str, seen: str):
    assert visible(text) == seen


@pytest.mark.parametrize("text", ["  =1+1", "\u00a0@sum", "|cmd", *(f"{sign}1" for sign in SIGNS)])
def test_blanks_bars_and_full_width_signs_are_known_too(text: str):
    assert to_csv(pl.DataFrame({"text": [text]})).splitlines()[1] == f"'{text}"
    assert to_csv(pl.DataFrame({"text": [f"a{text}"]})).splitlines()[1] == f"a{text}"


def test_decimals_are_numbers_and_bytes_hex_in_every_form():
    rows = pl.DataFrame(
        {
            "money": [Decimal("1.25")],
            "huge": pl.Series([Decimal(170_141_183_460_469_231)], dtype=pl.Decimal(38, 0)),
            "bytes": [b"\x00\xff"],
            "many": [[b"\xff"]],
            "nested": [{"money": Decimal("0.5"), "bytes": b"\x01"}],
        }
    )
    assert json.loads(to_json(rows)) == [
        {
            "money": 1.25,
            "huge": 170_141_183_460_469_231,
            "bytes": "00ff",
            "many": ["ff"],
            "nested": {"money": 0.5, "bytes": "01"},
        }
    ]
    (row,) = csv.DictReader(io.StringIO(to_csv(rows)))
    assert (row["money"], row["bytes"], row["many"]) == ("1.25", "00ff", "ff")
    assert json.loads(row["nested"]) == {"money": 0.5, "bytes": "01"}


def test_json_and_parquet_hold_the_same_rows():
    assert json.loads(to_json(ANSWER))[0] == {"area": "=1+1", "value": -5.0, "day": "2020-05-01"}
    assert pl.read_parquet(io.BytesIO(to_parquet(ANSWER))).equals(ANSWER)
