"""The macros that breakers write their sentences with, run on the engine."""

import duckdb
import jinja2
import pytest

from pipeline.build import PROJECT

JUDGING = jinja2.Environment(autoescape=False).from_string(
    (PROJECT / "macros" / "judging.sql").read_text()
)


@pytest.mark.parametrize(
    ("total", "read"),
    [
        ("171536.0", "171536"),
        ("0.4", "0"),
        ("-3.0", "-3"),
        ("cast(9223372036854775807 as double)", "9.223372036854776e+18"),
        ("1e300", "1e+300"),
        ("cast('inf' as double)", "inf"),
        ("cast('nan' as double)", "nan"),
        ("cast(null as double)", None),
    ],
)
def test_a_sentence_is_written_of_every_number_there_is(total: str, read: str | None):
    people = JUDGING.module.people("total")
    answer = duckdb.sql(f"select {people} from (select {total} as total)").fetchall()
    assert answer == [(read,)]
