"""The promise of a source and the only place that may refuse a row.

A source's `read` hands over text. Here each column is typed from that text, what cannot be read is
marked, and the schema sorts the rows into kept and quarantined, each refusal with its reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import dataframely as dy
import polars as pl

from loaders.reading import Refused

ISO = "%Y-%m-%d"
NUMBER = r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?$"
# Beyond this a floating-point number no longer holds every whole number.
LARGEST_EXACT = 2**53
# Nobody can report more than there are people in the United Kingdom (67 million in 2020). A column
# that counts something else, such as tests, states its own `max`.
MOST_PEOPLE = 70_000_000
# No figure here is older. A day of grace at the other end: publishers east of Greenwich are ahead.
EARLIEST, GRACE = date(1990, 1, 1), timedelta(days=1)
# So many days, or so many rows of one, are no slip of somebody's hand.
WHOLE_DAYS, ROWS_OF_A_DAY = 3, 10
# What a column says of itself where its kind does not: a number may be below 0 because it takes
# back what was counted before; a text holds the day of the figure; a text holds a count or a mark.
CORRECTIONS, DAY_OF_FIGURE, COUNT = {"corrections": True}, {"day": True}, {"count": True}
PLACE = ("_row", "_sheet")
# A wide sheet gives many rows with one `_row`, so rows are told apart by their position as well.
POSITION = "_position"
UNREADABLE = {
    "whole": "{} is not a whole number",
    "number": "{} is not a number",
    "date": "{} is not a date of the form {}",
}


Test = tuple[str, pl.Expr]
Cadence = Literal[
    "daily", "weekdays", "weekly", "monthly", "quarterly", "yearly", "irregular", "ended"
]


@dataclass(frozen=True)
class Source:
    """What one publisher promises, and under which agreement we hold it.

    `absence` says what it means when a cell that was published before is not in a later file.
    `passed_over` maps patterns of file names to the reason why such files are not read.
    `refuse_above` is the share of quarantined rows above which the whole file is refused.
    """

    name: str
    title: str
    publisher: str
    licence: str
    agreement: str
    cadence: Cadence
    due: str
    absence: Literal["zero", "withdrawn", "not_reported"]
    tables: Mapping[str, type[dy.Schema]]
    suffixes: tuple[str, ...] = (".csv",)
    passed_over: Mapping[str, str] = field(default_factory=dict)
    refuse_above: float = 1.0


@dataclass(frozen=True)
class Checked:
    """Typed rows that kept the promise, and the text of those that did not, with `reasons`."""

    kept: pl.DataFrame
    quarantined: pl.DataFrame


def check(
    frame: pl.DataFrame,
    schema: type[dy.Schema],
    file: str = "this file",
    published_at: datetime | None = None,
) -> Checked:
    """Type a table of text by its schema and set aside each row that breaks a rule.

    A row is also set aside for a number that no count of people can be, and for a day that had not
    come at `published_at`. `kept` has the schema's columns, `_row` and `_sheet`; `quarantined` has
    `_row`, `_sheet`, `row_text` (the published values as JSON) and `reasons` (sentences).
    Raises `Refused` when a promised column is missing, or when whole days had not come.
    """
    _require_columns(frame, schema, file)
    text = _with_place(frame, schema)
    typed = text.with_columns(_typed(text[name], column) for name, column in _columns(schema))
    unreadable = _unreadable(text, typed, schema)
    readable = _without(typed, unreadable)
    _require_come(readable, schema, file, published_at)
    impossible = _impossible(readable, schema, published_at)
    possible = _without(readable, impossible)
    broken = _broken_rules(possible, schema)
    kept = _without(possible, broken).select(*PLACE, *schema.column_names())
    return Checked(kept, _as_quarantine(text, pl.concat([unreadable, impossible, broken])))


def empty(schema: type[dy.Schema]) -> pl.DataFrame:
    """The typed columns of a table with no rows, where nothing has been published yet."""
    rows: pl.DataFrame = _placed(schema).create_empty()
    return rows.select(*PLACE, *schema.column_names())


def _columns(schema: type[dy.Schema]) -> list[tuple[str, Any]]:
    return list(schema.columns().items())


def _require_columns(frame: pl.DataFrame, schema: type[dy.Schema], file: str) -> None:
    missing = [name for name in schema.column_names() if name not in frame.columns]
    if missing:
        raise Refused(f"missing columns {missing} in {file}")


def _with_place(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    sheet = [] if "_sheet" in frame.columns else [pl.lit("").alias("_sheet")]
    placed = frame.with_columns(sheet).select(
        pl.col("_row").cast(pl.Int64), pl.col("_sheet").cast(pl.String), *schema.column_names()
    )
    return placed.with_columns(pl.col(schema.column_names()).cast(pl.String)).with_row_index(
        POSITION
    )


def _placed(schema: type[dy.Schema]) -> Any:
    place = {
        "place_position": dy.UInt32(alias=POSITION, nullable=True),
        "place_row": dy.Int64(alias="_row", nullable=True),
        "place_sheet": dy.String(alias="_sheet", nullable=True),
    }
    return type(schema.__name__, (schema,), place)


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "whole"
    if dtype.is_numeric():
        return "number"
    return "date" if dtype == pl.Date else "text"


def _typed(text: pl.Series, column: Any) -> pl.Series:
    """The values of a column; null where nothing is given and where it cannot be read."""
    match _kind(column.dtype):
        case "whole":
            return _whole(text).cast(column.dtype, strict=False)
        case "number":
            number = _digits(text.name).cast(column.dtype, strict=False)
            return text.to_frame().select(number).to_series()
        case "date":
            return _date(text, _format(column))
        case _ if _may_be_blank(column):
            return text
        case _:
            return text.set(text.str.strip_chars() == "", None)


def _digits(name: str) -> pl.Expr:
    """A number as published, without blanks and commas; null for anything else."""
    given = pl.col(name).str.strip_chars()
    return pl.when(given.str.contains(NUMBER)).then(given.str.replace_all(",", "", literal=True))


def _whole(text: pl.Series) -> pl.Series:
    """`12.0` is a whole number as spreadsheets write it; `12.5` is not.

    Nearly all values are plain digits, read at once; only the others are looked at one by one.
    """
    plain = text.cast(pl.Int64, strict=False)
    others = (plain.is_null() & text.is_not_null()).arg_true()
    digits = _digits(text.name)
    fraction = digits.cast(pl.Float64, strict=False)
    exact = (fraction == fraction.floor()) & (fraction.abs() < LARGEST_EXACT)
    whole = pl.when(exact).then(fraction.cast(pl.Int64, strict=False))
    read = digits.cast(pl.Int64, strict=False).fill_null(whole)
    return plain.scatter(others, text.gather(others).to_frame().select(read).to_series())


def _date(text: pl.Series, form: str) -> pl.Series:
    day = text.str.strip_chars().str.to_date(form, strict=False)
    # Without its century `20-03-01` would be a day of the year 20.
    return day.to_frame().select(pl.when(pl.first().dt.year() >= 1000).then(pl.first())).to_series()


def _may_be_blank(column: Any) -> bool:
    """Whether a text may be empty: where null may stand, or where the schema says so."""
    return bool(column.nullable or (column.metadata or {}).get("blank"))


def _format(column: Any) -> str:
    return str((column.metadata or {}).get("format", ISO))


def _unreadable(text: pl.DataFrame, typed: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """The rows with a value that was given but could not be read, and the sentences about them."""
    sentences = {
        name: UNREADABLE[_kind(column.dtype)].format(name, _format(column))
        for name, column in _columns(schema)
        if _kind(column.dtype) in UNREADABLE and typed[name].null_count() > text[name].null_count()
    }
    marks = text.select(
        POSITION,
        *(typed[name].is_null() & (text[name].str.strip_chars() != "") for name in sentences),
    )
    said = [pl.when(pl.col(name)).then(pl.lit(words)) for name, words in sentences.items()]
    reasons = pl.concat_list(said).list.drop_nulls() if said else pl.lit([], pl.List(pl.String))
    rows = marks.filter(pl.any_horizontal(sentences.keys() or pl.lit(False)))
    return rows.select(POSITION, reasons=reasons)


def _impossible(
    typed: pl.DataFrame, schema: type[dy.Schema], published_at: datetime | None
) -> pl.DataFrame:
    """The rows with a number or a day that cannot be, whatever the source's own rules allow."""
    tests = [
        test
        for name, column in _columns(schema)
        for test in (*_of_a_count(name, column), *_of_a_day(name, column, published_at))
    ]
    said = [pl.when(is_so).then(pl.lit(words)) for words, is_so in tests]
    reasons = pl.concat_list(said).list.drop_nulls() if said else pl.lit([], pl.List(pl.String))
    rows = typed.filter(pl.any_horizontal([is_so for _, is_so in tests] or pl.lit(False)))
    return rows.select(POSITION, reasons=reasons)


def _of_a_count(name: str, column: Any) -> list[Test]:
    """What a number cannot be where the column gives no bound of its own."""
    given, said = pl.col(name), column.metadata or {}
    if said.get("count"):
        given = given.cast(pl.Float64, strict=False)
    elif not column.dtype.is_numeric():
        return []
    tests = []
    if getattr(column, "max", None) is None:
        too_many = f"{name} is above {MOST_PEOPLE:,}, which is more than there are people"
        tests.append((too_many, given.is_finite() & (given > MOST_PEOPLE)))
    if said.get("corrections"):
        too_few = f"{name} is below -{MOST_PEOPLE:,}, which is more than there are people"
        tests.append((too_few, given.is_finite() & (given < -MOST_PEOPLE)))
    elif getattr(column, "min", None) is None:
        tests.append((f"{name} is below 0 and takes nothing back", given < 0))
    return tests


def _require_come(
    typed: pl.DataFrame, schema: type[dy.Schema], file: str, published_at: datetime | None
) -> None:
    """One wrong day is set aside; whole days that had not come say that a file is dated too early.

    All that it says would else be taken for what was known before it was.
    """
    for name, column in _columns(schema):
        day = _day(name, column)
        if published_at is None or day is None:
            continue
        ahead = _whole_days_ahead(typed.select(day=day), (published_at + GRACE).date())
        if ahead.height >= WHOLE_DAYS or (ahead["len"] >= ROWS_OF_A_DAY).any():
            raise Refused(
                f"{file} has {ahead['len'].sum():,} rows of days up to {ahead['day'][-1]}, which "
                f"had not come on {published_at:%Y-%m-%d}, when it was published: load it with "
                "its right day (--published-at YYYY-MM-DD --correct-date)"
            )


def _whole_days_ahead(days: pl.DataFrame, last: date) -> pl.DataFrame:
    """Days after the last with half as many rows as the newest one that had come: day, len."""
    rows = days.drop_nulls().group_by("day").len().sort("day")
    come = rows.filter(pl.col("day") <= last)["len"].tail(1)
    enough = come.sum() / 2 if len(come) else float("inf")
    return rows.filter(pl.col("day") > last, pl.col("len") >= enough)


def _day(name: str, column: Any) -> pl.Expr | None:
    """The day of a figure stands in the key, or in a text that says so."""
    if (column.metadata or {}).get("day"):
        return pl.col(name).str.to_date(ISO, strict=False)
    return pl.col(name) if column.dtype == pl.Date and column.primary_key else None


def _of_a_day(name: str, column: Any, published_at: datetime | None) -> list[Test]:
    """What the day of a figure cannot be."""
    day = _day(name, column)
    if day is None:
        return []
    tests = [(f"{name} is before {EARLIEST:%Y}", day < EARLIEST)]
    if published_at is not None:
        ahead = f"{name} had not come when the file was published, on {published_at:%Y-%m-%d}"
        tests.append((ahead, day > (published_at + GRACE).date()))
    return tests


def _without(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """Nearly always there are none to leave out, and a large table is then not copied."""
    if rows.is_empty():
        return frame
    return frame.filter(~pl.col(POSITION).is_in(rows[POSITION].implode()))


def _broken_rules(typed: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """The rows that break a rule of the schema, each with its sentences."""
    details: pl.DataFrame = _placed(schema).filter(typed.lazy()).failure.details()
    rules = [
        name for name in details.columns if name not in {POSITION, *PLACE, *schema.column_names()}
    ]
    said = [
        pl.when(pl.col(rule).cast(pl.String) == "invalid").then(pl.lit(_in_words(rule, schema)))
        for rule in rules
    ]
    reasons = pl.concat_list(said).list.drop_nulls() if said else pl.lit([], pl.List(pl.String))
    return details.select(POSITION, reasons=reasons)


def _in_words(rule: str, schema: type[dy.Schema]) -> str:
    column, _, kind = rule.partition("|")
    if rule == "primary_key":
        return f"the same {', '.join(schema.primary_key())} stands more than once in this file"
    if not kind:
        return f"against the rule: {rule.replace('_', ' ')}"
    promised = schema.columns()[column]
    said = {
        "nullability": "is empty",
        "min": f"is below {getattr(promised, 'min', '')}",
        "max": f"is above {getattr(promised, 'max', '')}",
        "inf": "is larger than any number can be",
        "regex": f"is not {_form(promised)}",
    }
    return f"{column} {said.get(kind, f'breaks the rule {kind}')}"


def _form(promised: Any) -> str:
    """The form in words where the schema gives them (`metadata={"form": …}`), else the pattern."""
    return str(
        (promised.metadata or {}).get("form", f"of the form {getattr(promised, 'regex', '')}")
    )


def _as_quarantine(text: pl.DataFrame, reasons: pl.DataFrame) -> pl.DataFrame:
    values = [name for name in text.columns if name not in {POSITION, *PLACE}]
    refused = text.join(reasons, on=POSITION, how="inner", maintain_order="left")
    row_text = pl.struct(values).struct.json_encode().alias("row_text")
    return refused.select(*PLACE, row_text, "reasons")
