import csv
import io
import json
from datetime import date

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from store.exports import to_csv, to_json, to_parquet

ANSWER = pl.DataFrame(
    {"area": ["=1+1", "Leeds"], "value": [-5.0, None], "day": [date(2020, 5, 1)] * 2}
)


def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe_and_a_number_does_not():
    assert to_csv(ANSWER).splitlines()[1] == "'=1+1,-5.0,2020-05-01"


@given(st.lists(st.text(alphabet="=+-@\t\0ab", min_size=1), min_size=1))
def test_no_cell_of_any_csv_starts_as_a_formula(texts: list[str]):
    rows = list(csv.reader(io.StringIO(to_csv(pl.DataFrame({"text": texts})).replace("\0", "0"))))
    assert all(row[0][0] not in "=+-@\t" for row in rows[1:])


def test_json_and_parquet_hold_the_same_rows():
    assert json.loads(to_json(ANSWER))[0] == {"area": "=1+1", "value": -5.0, "day": "2020-05-01"}
    assert pl.read_parquet(io.BytesIO(to_parquet(ANSWER))).equals(ANSWER)
