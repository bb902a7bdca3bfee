"""From which columns each column of a model is made, read from the compiled SQL of the models.

An edge is carried where what stands in the one column comes out of the other: as it is, cast, added
up, or as one of several that could have come. Where a column only helps to decide (a condition, an
order, a group) the edge is not carried. What only joins or filters rows makes no edge at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import build_scope

from store.errors import TrigpointError

DIALECT = "duckdb"
Columns = Mapping[str, Sequence[str]]
# Of these only the first part comes out; the others say which rows it comes from.
BY_FIRST = (
    *(exp.ArgMax, exp.ArgMin, exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.NthValue),
    *(exp.Window, exp.Filter, exp.WithinGroup, exp.Order, exp.Nullif),
)


@dataclass(frozen=True, order=True)
class Edge:
    """One column that another is made from, directly."""

    table: str
    column: str
    from_table: str
    from_column: str
    is_carried: bool


@dataclass(frozen=True, order=True)
class Said:
    """From which columns a staging model takes the numbers of a series.

    `series_id` is empty where the rows themselves name their series.
    """

    table: str
    series_id: str
    from_table: str
    from_column: str


def edges(table: str, sql: str, columns: Columns) -> list[Edge]:
    """Every edge that ends in a column of `table`, whose model is `sql`.

    `columns` names those of every table that it may read. Raises `TrigpointError` for SQL that
    cannot be followed.
    """
    found: dict[tuple[str, str, str], bool] = {}
    for column, node in _followed(table, _qualified(table, sql, columns)).items():
        for (from_table, from_column), is_carried in _leaves(node, is_carried=True):
            key = (column, from_table, from_column)
            found[key] = found.get(key, False) or is_carried
    return sorted(Edge(table, *key, is_carried) for key, is_carried in found.items())


def said(table: str, sql: str, columns: Columns) -> list[Said]:
    """Where a staging model's values come from, by the series that it names in its text."""
    whole = _qualified(table, sql, columns)
    parts = list(_parts_by_series(whole))
    found = [one for series_id, part in parts for one in _values(table, series_id, part)]
    return sorted(set(found or _values(table, "", whole)))


def _qualified(table: str, sql: str, columns: Columns) -> exp.Expr:
    schema: dict[str, object] = {
        name: dict.fromkeys(held, "text") for name, held in columns.items()
    }
    try:
        parsed = _written_out(parse_one(sql, dialect=DIALECT))
        return qualify(
            parsed, schema=schema, dialect=DIALECT, validate_qualify_columns=False, identify=False
        )
    except Exception as fault:
        raise TrigpointError(f"the lineage of {table} cannot be read: {_line(fault)}") from None


def _written_out(query: exp.Expr) -> exp.Expr:
    """The same with each window where it is used: what one decides is not looked for by name."""
    for select in list(query.find_all(exp.Select)):
        named = {one.this.name: one for one in select.args.get("windows") or []}
        for used in [*named.values(), *_windows_of(select)]:
            _write_out(used, named)
        select.set("windows", None)
    return query


def _windows_of(select: exp.Select) -> list[exp.Window]:
    return [one for one in select.find_all(exp.Window) if one.parent_select is select]


def _write_out(window: exp.Window, named: Mapping[str, exp.Window]) -> None:
    """Put what the named window says into one that begins from it, which may have begun so too."""
    while (base := named.get(window.alias)) is not None:
        begins_from = base.args.get("alias")
        window.set("alias", begins_from.copy() if begins_from else None)
        for part in ("partition_by", "order", "spec"):
            said = base.args.get(part)
            if said and not window.args.get(part):
                copied = [one.copy() for one in said] if isinstance(said, list) else said.copy()
                window.set(part, copied)


def _line(fault: Exception) -> str:
    return " ".join(str(fault).split())[:200]


def _followed(table: str, query: exp.Expr) -> dict[str, Node]:
    scope = build_scope(query)
    try:
        # The columns are known already, so no schema is asked for.
        return lineage(
            None, query, {}, dialect=DIALECT, scope=scope, trim_selects=False, copy=False
        )
    except Exception as fault:
        raise TrigpointError(f"the lineage of {table} cannot be read: {_line(fault)}") from None


def _leaves(node: Node, *, is_carried: bool) -> Iterator[tuple[tuple[str, str], bool]]:
    """The columns of stored tables in which a column begins, and whether they come out in it."""
    if isinstance(node.expression, exp.Table):
        yield (node.expression.name, _column(node)), is_carried
        return
    coming = {*_coming_out(node.expression)}
    for below in node.downstream:
        # Parts of a union are numbered; whatever comes out of a part comes out of the whole.
        comes = below.name.isdigit() or _column(below) in coming
        yield from _leaves(below, is_carried=is_carried and comes)


def _column(node: Node) -> str:
    return node.name.rsplit(".", 1)[-1].strip('"')


def _coming_out(expression: exp.Expr | None) -> Iterator[str]:
    """The columns whose content an expression can come out as, or is reckoned from, by name.

    A question within an expression comes out as the column that it selects.
    """
    match expression:
        case exp.Column():
            yield expression.name
        case exp.Query() | exp.Subquery():
            yield from expression.named_selects
        case _:
            for part in _within(expression):
                yield from _coming_out(part)


def _within(expression: exp.Expr | None) -> list[exp.Expr]:
    """The parts of an expression that come out of it."""
    match expression:
        case None | exp.Predicate():
            parts: list[Any] = []
        case exp.Case():
            results = [branch.args["true"] for branch in expression.args["ifs"]]
            parts = [*results, expression.args.get("default")]
        case exp.If():
            parts = [expression.args.get("true"), expression.args.get("false")]
        case _ if isinstance(expression, BY_FIRST):
            parts = [expression.this]
        case _:
            parts = list(expression.iter_expressions())
    return [part for part in parts if part is not None]


def _parts_by_series(whole: exp.Expr) -> Iterator[tuple[str, exp.Expr]]:
    """The model once for each series that it names, with the other parts of a union left out."""
    for select in list(whole.find_all(exp.Select)):
        named = _literal(select, "series_id")
        if named is not None:
            yield named, _with_only(whole, select)


def _literal(select: exp.Select, column: str) -> str | None:
    """The text that stands in a column of a select as it is written."""
    for projection in select.selects:
        if projection.alias_or_name == column and projection.unalias().is_string:
            return str(projection.unalias().this)
    return None


def _with_only(whole: exp.Expr, kept: exp.Select) -> exp.Expr:
    """A copy in which one part of a union stands in place of the whole of it."""
    union = kept
    while isinstance(union.parent, exp.SetOperation):
        union = union.parent  # type: ignore[assignment]
    if union is kept:
        return whole.copy()
    part = kept.copy()
    copied = whole.transform(lambda node: part if node is union else node, copy=False)
    alone: exp.Expr = copied.copy()
    part.replace(union)
    return alone


def _values(table: str, series_id: str, query: exp.Expr) -> list[Said]:
    node = _followed(table, query).get("value")
    leaves = _leaves(node, is_carried=True) if node else ()
    return [Said(table, series_id, *place) for place, is_carried in leaves if is_carried]
