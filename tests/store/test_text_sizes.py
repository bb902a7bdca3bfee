"""What rows take as text is never more than was told before they were written."""

import duckdb
import polars as pl
import pytest

from store.exports import to_csv, to_json
from store.text_sizes import as_text, at_most_as_text, names_within

LONG = "a" * 150
QUESTIONS = [
    "select true as t, null as n, 1::tinyint as i, -9223372036854775807 as l, pi() * -1e-300 as f",
    "select uuid() as u, now() as w, date '2020-01-01' as d, time '10:00:00.123456' as t",
    "select -12345678901234567890.12345678::decimal(38, 8) as d, 1::hugeint as h, 1::ubigint as u",
    "select 'x'::enum('x', 'y') as e, ['y', null]::enum('x', 'y')[] as l from range(9)",
    "select repeat(chr(1), range) || chr(34) || chr(92) || 'é' as x from range(300)",
    "select repeat('\\x01', 30)::blob as b from range(5)",
    "select [true, null, false] as l, [1, 2]::int[2] as f, [[range]] as n from range(50)",
    f"select {{'{LONG}': range, 'b': [{{'{LONG}': 'x'}}, null]}} as r from range(50)",
    "select map {'k': 1, 'l': 2} as m, null::int[] as n, []::varchar[] as e from range(50)",
    f"select 1 as {LONG} from range(1000)",
]


@pytest.mark.parametrize("sql", QUESTIONS)
def test_no_text_is_larger_than_was_told(sql: str):
    table = duckdb.sql(sql).to_arrow_table()
    for form in (table, pl.DataFrame(table).to_arrow(compat_level=pl.CompatLevel.oldest())):
        [batch] = form.combine_chunks().to_batches()
        most = as_text(batch)
        assert len(to_json(pl.DataFrame(table))) <= most + 2
        assert len(to_csv(pl.DataFrame(table)).split("\n", 1)[1]) <= most
        half = batch.num_rows // 2
        assert as_text(batch.slice(0, half)) + as_text(batch.slice(half)) <= most
        assert as_text(batch.slice(0, 0)) == 0
        assert most <= at_most_as_text(batch)


def test_a_type_that_is_refused_later_is_counted_all_the_same():
    sql = "select interval 1 day as i, union_value(k := 1) as u, [interval 1 day] as l"
    [batch] = duckdb.sql(sql).to_arrow_table().to_batches()
    assert as_text(batch) > 0


def test_the_names_within_a_column_are_those_of_its_records():
    sql = "select [{'a': 1, 'b': [{'c': 2}]}] as one, map {'x': {'d': 1}} as two"
    one, two = (column.type for column in duckdb.sql(sql).to_arrow_table().schema)
    assert [*names_within(one)] == ["a", "b", "c"]
    assert {"d"} <= {*names_within(two)}
