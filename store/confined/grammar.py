"""What counts as a question: read from the engine's own syntax tree, and everything else is not.

The kind of a statement says nothing (`with x as (copy … to …) select * from x` is a select, and
writes), so every node of the tree is looked at: the parts of a question are listed here, the
functions in `functions.csv`, and tables are those that were laid out. What is not listed is no.
"""

import csv
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

LONGEST = 20_000
DEEPEST = 64
QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
TABLES = {
    *("BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY"),
    *("EMPTY_FROM", "PIVOT", "SHOW_REF", "COLUMN_DATA"),
}
MODIFIERS = {
    *("LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER", "ORDER_MODIFIER", "DISTINCT_MODIFIER"),
    *("ORDER_DEFAULT", "ASCENDING", "DESCENDING"),
}
EXPRESSIONS = {
    *("BETWEEN", "CASE", "CAST", "COLLATE", "COLUMN_REF", "COMPARISON", "CONJUNCTION", "CONSTANT"),
    *("DEFAULT", "FUNCTION", "LAMBDA", "LAMBDA_REF", "OPERATOR", "PARAMETER", "POSITIONAL_REF"),
    *("STAR", "SUBQUERY", "TYPE", "WINDOW"),
}
NO_PLACE = 18446744073709551615
EXPLAIN = re.compile(
    r"(?P<before>(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*)(?P<word>explain\b(?:\s+analyze\b)?)",
    re.IGNORECASE | re.DOTALL,
)
# The engine names a table in full in these functions' first argument.
OF_A_TABLE = {"histogram", "histogram_values"}
SHOWN_LISTS = {'"tables"', "__show_tables_expanded"}
OWN_PLACES = {("", ""), ("", "main"), ("", "memory"), ("memory", "main")}
STANDARD = "information_schema"
ONLY_QUESTIONS = "Only questions can be asked here"
BEGINNINGS = (
    *("select", "from", "with", "values", "pivot", "unpivot", "summarize", "describe"),
    *("show tables", "explain"),
)
Node = dict[str, Any]


class NotAQuestion(Exception):  # noqa: N818
    """Why a text may not run: a plain sentence, the class of the refusal, and the line if any."""

    def __init__(self, kind: str, said: str, line: int | None = None) -> None:
        super().__init__(said)
        self.kind = kind
        self.line = line


@dataclass(frozen=True)
class Names:
    """What may be named in a question: lower-case names of tables, macros and functions.

    `taken` are names of the engine's own that a part of a question may not take.
    """

    tables: frozenset[str]
    table_functions: frozenset[str]
    functions: frozenset[str]
    standard: frozenset[str]
    taken: frozenset[str]


def names(connection: duckdb.DuckDBPyConnection) -> Names:
    """The names that a connection with a release laid out in it gives."""
    sys.setrecursionlimit(5000)
    with (Path(__file__).parent / "functions.csv").open(newline="") as file:
        listed = [(row["function_name"], row["used_as"]) for row in csv.DictReader(file)]
    own = _column(
        connection,
        "select view_name from duckdb_views() where database_name = 'memory' and not internal",
    )
    macros = _column(
        connection,
        "select function_name from duckdb_functions() where not internal "
        "and function_type = 'table_macro'",
    )
    internal = "select view_name from duckdb_views() where internal"
    standard = _column(connection, f"{internal} and schema_name = '{STANDARD}'")
    return Names(
        tables=own,
        table_functions=frozenset(name for name, used in listed if used == "table") | macros,
        functions=frozenset(name for name, used in listed if used == "value"),
        standard=standard,
        taken=_column(connection, internal) - standard,
    )


def _column(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    return frozenset(str(row[0]).lower() for row in connection.execute(sql).fetchall())


def question(connection: duckdb.DuckDBPyConnection, sql: str, known: Names) -> str:
    """The text that may run in place of this one; raises `NotAQuestion` for all that may not."""
    try:
        return _question(connection, sql, known)
    except NotAQuestion:
        raise
    except Exception:  # whatever it is, it was not understood, and so it does not run
        raise NotAQuestion("not_understood", "This question could not be understood.") from None


def _question(connection: duckdb.DuckDBPyConnection, sql: str, known: Names) -> str:
    _require_size(sql)
    explained = EXPLAIN.match(sql)
    rest = sql[explained.end() :] if explained else sql
    # Blanks in place of what was taken away, so that every place in the text stays what it was.
    before = "".join(c if c == "\n" else " " for c in sql[: len(sql) - len(rest)])
    statements = _tree(connection, before + rest)
    if len(statements) != 1:
        raise NotAQuestion("several", "Ask one question at a time: there is more than one here.")
    _Walk(sql.encode(), known).through(statements[0])
    return f"{explained['word']}{before}{rest}" if explained else sql


def _require_size(sql: str) -> None:
    if len(sql) > LONGEST:
        said = f"The question has {len(sql):,} characters; {LONGEST:,} are the most."
        raise NotAQuestion("too_long", said)
    if "\0" in sql:
        raise NotAQuestion("not_understood", "The question holds a character without a meaning.")
    depth = 0
    for place, character in enumerate(sql):
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            said = f"brackets lie more than {DEEPEST} deep."
            raise _refused("too_deep", said, 1 + sql.count("\n", 0, place))


def _tree(connection: duckdb.DuckDBPyConnection, sql: str) -> list[Node]:
    found = connection.execute("select json_serialize_sql(?)", [sql]).fetchall()[0][0]
    told = json.loads(found)
    if told["error"]:
        raise _not_read(told, sql)
    statements: list[Node] = told["statements"]
    if not statements:
        raise NotAQuestion("empty", "There is no question here.")
    return statements


def _not_read(told: Node, sql: str) -> NotAQuestion:
    if told["error_type"] != "not implemented":
        place = int(told.get("position") or 0)
        return _refused("syntax", in_words(told["error_message"]), line_of(sql.encode(), place))
    word = first_word(sql)
    if word == "pivot":
        said = "Say which values become columns: pivot … on column in ('one', 'another') …"
        return NotAQuestion("pivot", said)
    if word in BEGINNINGS:
        said = f"{ONLY_QUESTIONS}, one at a time, and nothing in them may change anything."
        return NotAQuestion("not_a_question", said)
    said = f"{ONLY_QUESTIONS}: {word.upper()} does something else. A question begins with "
    return NotAQuestion("not_a_question", f"{said}{', '.join(BEGINNINGS)}.")


def first_word(sql: str) -> str:
    """The word with which a text begins, after its comments, in small letters."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL)
    found = re.search(r"\w+", bare)
    return found[0][:40].lower() if found else "this"


def line_of(text: bytes, place: int) -> int:
    """The line of a place in a text, from 1 on."""
    return 1 + text.count(b"\n", 0, place)


def in_words(message: str) -> str:
    """What the parser says, as a sentence without its term of art."""
    near = re.match(r"syntax error at or near (.*)", message.splitlines()[0])
    if near:
        return f"this is not understood near {near[1].replace(chr(34), '', 1).rstrip(chr(34))!r}."
    return message.splitlines()[0]


class _Walk:
    """One way through a tree, with the names that the question itself gives to its parts."""

    def __init__(self, text: bytes, known: Names) -> None:
        self._text = text
        self._known = known
        self._parts: set[str] = set()

    def through(self, statement: Node) -> None:
        found = list(_nodes(statement))
        self._parts = {self._part(name) for node in found for name in _named_parts(node)}
        for node in found:
            self._require(node)

    def _part(self, name: str) -> str:
        low = name.lower()
        if low in self._known.taken or re.search(r"[./:\\]", low):
            raise _refused("name", f"a part of a question cannot be called “{name}”.", None)
        return low

    def _require(self, node: Node) -> None:
        kind, expression = node.get("type"), node.get("class")
        if expression is not None:
            self._require_expression(node, str(expression))
        elif isinstance(kind, str) and kind in TABLES:
            self._require_table(node, kind)
        elif isinstance(kind, str) and kind not in QUERIES | MODIFIERS:
            raise self._no("not_a_question", node, _what(kind))

    def _require_expression(self, node: Node, expression: str) -> None:
        if expression not in EXPRESSIONS:
            raise self._no("not_understood", node, "this part of a question is not known here.")
        name = node.get("function_name")
        if name is None or node.get("is table function"):
            return
        if str(name).lower() not in self._known.functions:
            raise self._no("function", node, f"there is no function “{name}” here.")

    def _require_table(self, node: Node, kind: str) -> None:
        if kind == "BASE_TABLE":
            self._require_name(node)
        elif kind == "SHOW_REF":
            self._require_list(node)
        elif kind == "TABLE_FUNCTION":
            self._require_table_function(node)
        elif kind == "COLUMN_DATA":
            raise self._no("table", node, "this table cannot be read here.")

    def _require_name(self, node: Node) -> None:
        catalog, schema = str(node["catalog_name"]).lower(), str(node["schema_name"]).lower()
        name = str(node["table_name"])
        if not self._may_be_read((catalog, schema), name.lower()):
            full = ".".join(part for part in (catalog, schema, name) if part)
            raise self._no("table", node, f"there is no table “{full}”.", full)

    def _may_be_read(self, place: tuple[str, str], name: str) -> bool:
        if place == ("", "") and name in self._parts:
            return True
        if place in OWN_PLACES:
            return name in self._known.tables
        is_standard = place in {("", STANDARD), ("memory", STANDARD), ("system", STANDARD)}
        return is_standard and name in self._known.standard

    def _require_list(self, node: Node) -> None:
        listed = str(node["table_name"])
        name = listed.strip('"')
        if node["query"] is not None or listed in SHOWN_LISTS:
            return
        place = (str(node["catalog_name"]).lower(), str(node["schema_name"]).lower())
        if place not in OWN_PLACES or name.lower() not in self._known.tables:
            raise self._no("table", node, f"there is no table “{name}”.", name)

    def _require_table_function(self, node: Node) -> None:
        function = node["function"]
        name = str(function["function_name"]).lower()
        if name not in self._known.table_functions:
            raise self._no("function", node, f"there is no table function “{name}” here.")
        if name in OF_A_TABLE:
            self._require_named(node, function["arguments"])

    def _require_named(self, node: Node, arguments: list[Node]) -> None:
        """The engine looks a name up itself, so only a table's own, in its place, will do."""
        if any(argument.get("name") for argument in arguments):
            raise self._no("table", node, "give the values without names, and the table first.")
        first = arguments[0]["expression"] if arguments else {}
        named = [str(name).lower() for name in first.get("column_names", [])]
        if len(named) != 1 or named[0] not in self._known.tables:
            raise self._no("table", node, "name a table of the release first.")

    def _no(self, kind: str, node: Node, said: str, name: str = "") -> NotAQuestion:
        place = node.get("query_location", NO_PLACE)
        if place == NO_PLACE:
            return _refused(kind, said, self._line_of_name(name))
        return _refused(kind, said, line_of(self._text, int(place)))

    def _line_of_name(self, name: str) -> int | None:
        """Some nodes do not know their place; a name that stands once in the text tells it."""
        found = self._text.lower().find(name.lower().encode()) if name else -1
        return line_of(self._text, found) if found >= 0 else None


def _nodes(tree: Any) -> Iterator[Node]:
    """Every record of a tree, without going deeper into this program than it goes itself."""
    left = [tree]
    while left:
        here = left.pop()
        if isinstance(here, dict):
            _mark(here)
            yield here
            left.extend(value for value in here.values() if isinstance(value, dict | list))
        elif isinstance(here, list):
            left.extend(value for value in here if isinstance(value, dict | list))


def _mark(node: Node) -> None:
    """A table function is not looked up among the functions that give a value."""
    if node.get("type") == "TABLE_FUNCTION":
        node["function"]["is table function"] = True


def _named_parts(node: Node) -> Iterator[str]:
    """The names of the `with` parts of a query."""
    if "cte_name" in node:
        yield str(node["cte_name"])
    ctes = node.get("cte_map")
    if isinstance(ctes, dict):
        yield from (str(entry["key"]) for entry in ctes["map"])


def _what(kind: str) -> str:
    word = kind.removesuffix("_NODE").removesuffix("_QUERY").replace("_", " ")
    return f"{ONLY_QUESTIONS}: {word} does something else."


def _refused(kind: str, said: str, line: int | None) -> NotAQuestion:
    if line is None or said.startswith(ONLY_QUESTIONS):
        return NotAQuestion(kind, said[:1].upper() + said[1:], line)
    return NotAQuestion(kind, f"Line {line}: {said}", line)
