import csv
import io
import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.exports import to_csv, to_json, to_parquet, visible

SIGNS = "=+-@|\uff1d\uff0b\uff0d\uff20"
ANSWER = pl.DataFrame(
    {"area": ["=1+1", "Leeds"], "value": [-5.0, None], "day": [date(2020, 5, 1)] * 2}
)


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_a_number_does_not():
    assert to_csv(ANSWER).splitlines()[1] == "'=1+1,-5.0,2020-05-01"


@given(st.lists(st.text(alphabet=f"{SIGNS}\t\0 \u00a0ab", min_size=1), min_size=1))
def test_no_cell_of_any_csv_starts_as_a_formula(texts: list[str]):
    rows = list(csv.reader(io.StringIO(to_csv(pl.DataFrame({"text": texts})).replace("\0", "0"))))
    assert not any(row[0].startswith("\t") or row[0].lstrip()[:1] in set(SIGNS) for row in rows[1:])


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
