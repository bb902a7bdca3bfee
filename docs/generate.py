"""Writes docs/reference from what the code and the policy say, so that it cannot drift from them.

tables.md and store/dictionary.csv from the descriptions of models and seeds, metrics.md and
breakers.md from the policy seeds, sources.md from the loaders' promises, command-line.md from the
command line itself.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from inspect import getdoc
from itertools import takewhile
from pathlib import Path
from typing import Any

import typer
import yaml

from loaders.sources import all_sources
from pipeline.cli import app
from store.dictionary import HEAD
from store.reader import AS_KNOWN, BY_THEN
from store.release_tables import CATALOGUE, RELEASED
from store.showings import FIGURES_SHOWN, RELEASES_SHOWN

ROOT = Path(__file__).parents[1]
PROJECT = ROOT / "dbt_project"
REFERENCE = ROOT / "docs" / "reference"
DICTIONARY = ROOT / "store" / "dictionary.csv"
MADE = "<!-- Written by docs/generate.py (`make docs`); change what it reads, not this file. -->"
# Columns of what was shown whose description has another name than they.
SHOWN = {"release_id": "shown_release_id"}
ABSENT = {
    "zero": "zero: a cell that is not in a later file counts none",
    "withdrawn": "withdrawn: a cell that is not in a later file that covers it was taken back",
    "not_reported": "not reported: a cell that is not in a later file stands as it was",
}
DIRECTIONS = {
    "up_is_worse": "more is worse",
    "up_is_better": "more is better",
    "neither": "more is neither better nor worse",
}
EXIT_CODES = (
    ("0", "done", "The command did what was asked."),
    (
        "1",
        "failed",
        "Something broke, `load` refused a file, a replay did not end as it is known to, the audit "
        "is broken or could not be written; one line says what.",
    ),
    ("2", "wrong use", "The request cannot be carried out as it was put; nothing was changed."),
    (
        "3",
        "held",
        "Done, and a breaker keeps at least one file out until a person looks, or `agreements` "
        "names a source that is left out.",
    ),
)
DATED = ("published from", "until before", "why")
Row = dict[str, str]


def pages() -> dict[str, str]:
    """The text of every page of the reference by its file name."""
    return {
        "tables.md": tables(),
        "metrics.md": metrics(),
        "sources.md": sources(),
        "breakers.md": breakers(),
        "command-line.md": command_line(),
    }


def tables() -> str:
    """Every released table with its columns, types and descriptions."""
    described = _described()
    parts = [_table(name, described[name]) for name in (*RELEASED, "releases", *CATALOGUE)]
    return _page(
        "Tables",
        "These tables stand in schema `main` of every release. Ask them with `trigpoint sql`, or "
        "read `releases/<release_id>/tables/<table>.parquet` with any tool. All times are UTC.",
        *parts,
        "## As known at a moment",
        "`trigpoint sql --as-of 2020-07-01` answers every question as it could have been answered "
        "then. Inside one question these table macros do the same for one table:",
        *(_macro(table) for table in AS_KNOWN),
        *_as_shown(),
    )


def dictionary() -> str:
    """Tables and columns as CSV, for what describes a release where it is published."""
    described = _described()
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(HEAD)
    for name in (*RELEASED, "releases", *CATALOGUE):
        kinds, node = _kinds(described[name]), described[name]
        out.writerow((name, "", "", " ".join(node["description"].split())))
        out.writerows(
            (name, column["name"], kinds[column["name"]], " ".join(_meaning(column).split()))
            for column in node["columns"]
        )
    return text.getvalue()


def metrics() -> str:
    """Every metric: what it counts, what it does not, who feeds it, who is believed first."""
    rows = _seed("metrics")
    heads = ("metric", "name", "unit", "by", "family")
    listed = [
        (
            _linked(row["metric_id"]),
            row["metric_name"],
            row["unit"],
            row["grain"],
            row["quantity_id"],
        )
        for row in rows
    ]
    return _page(
        "Metrics",
        "Two definitions are two metrics, however alike their names. Metrics of one family are "
        "compared and never merged. Add one: [how to](../how-to/add-a-metric.md).",
        _grid(heads, listed),
        *(_metric(row) for row in rows),
    )


def sources() -> str:
    """Every source: what its publisher promises, its raw tables, what is not read or claimed."""
    return _page(
        "Sources",
        "One module in `loaders/sources/` a source; its name is also the name of the folder from "
        "which it is loaded. Add one: [how to](../how-to/add-a-source.md).",
        *(_source(name, module) for name, module in all_sources().items()),
    )


def breakers() -> str:
    """Every circuit breaker: what it says, how serious it is, from where on it trips."""
    lines = [
        (
            _code(row["breaker_id"]),
            row["severity"],
            row["sentence"],
            row["floor"],
            row["factor"],
            row["chance"],
            row["least_count"],
        )
        for row in _seed("breaker_thresholds")
    ]
    heads = (
        "breaker",
        "severity",
        "it says",
        "floor",
        "times the usual",
        "times chance",
        "on counts of at least",
    )
    return _page(
        "Breakers",
        "`hold`: the file stays out of every decision and the figures before it stay; the command "
        "ends with exit code 3. `warn`: a person should look; nothing is held. What to do: "
        "[operate](../how-to/operate.md#held).",
        "Each is one model `dbt_project/models/quality/breaker_<name>.sql` (`units` and "
        "`total_moved` share one); the numbers are those of `breaker_thresholds.csv`. A floor is a "
        "share; for `stands_still` it is days, for `units` how near to a whole power of ten, for "
        "the three that moved the natural logarithm of a ratio. What moved more than the floor has "
        "to have moved more than so many times what is usual for this source, and more than so "
        "many times what chance does to that many people.",
        _grid(heads, lines),
    )


def command_line() -> str:
    """Every command of `trigpoint` with its arguments, options and defaults."""
    group: Any = typer.main.get_command(app)
    return _page(
        "Command line",
        str(app.info.help),
        "## Exit codes",
        _grid(("code", "name", "meaning"), EXIT_CODES),
        *(_command(name, command) for name, command in _all_commands(group)),
    )


def main() -> None:
    """Write the reference anew."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text, encoding="utf-8")
    DICTIONARY.write_text(dictionary(), encoding="utf-8")


def _page(title: str, *parts: str) -> str:
    text = "\n\n".join([MADE, f"# {title}", *parts])
    return re.sub(r"(?m)(^- .*)\n\n(?=- )", r"\1\n", text) + "\n"


def _grid(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(value) for value in line)} |" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`"


def _linked(name: str) -> str:
    return f"[`{name}`](#{name})"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _seed(name: str) -> list[Row]:
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _described() -> dict[str, dict[str, Any]]:
    """Models, seeds and what the store writes, by name, as their YAML files describe them."""
    files = sorted([*PROJECT.glob("models/**/*.yml"), *PROJECT.glob("seeds/*.yml")])
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in files]
    nodes = [[*content.get("models", []), *content.get("seeds", [])] for content in read]
    nodes += [one["tables"] for content in read for one in content.get("sources", []) if _ours(one)]
    return {node["name"]: node for listed in nodes for node in listed}


def _ours(source: dict[str, Any]) -> bool:
    """Whether the store itself writes it; no loader does."""
    return source["name"] == "store"


def _kinds(node: dict[str, Any]) -> dict[str, str]:
    types = node.get("config", {}).get("column_types", {})
    return {c["name"]: str(c.get("data_type") or types[c["name"]]) for c in node["columns"]}


def _meaning(column: dict[str, Any]) -> str:
    return _in_words(column["description"])


def _table(name: str, node: dict[str, Any]) -> str:
    kinds = _kinds(node)
    columns = [
        (_code(column["name"]), kinds[column["name"]], _meaning(column))
        for column in node["columns"]
    ]
    said = _cell(node["description"])
    return f"## `{name}`\n\n{said}\n\n{_grid(('column', 'type', 'meaning'), columns)}"


def _in_words(description: str) -> str:
    """The description itself, or the block of docs/columns.md that it names."""
    named = re.fullmatch(r'\{\{ doc\("(\w+)"\) \}\}', description.strip())
    if not named:
        return description
    text = (PROJECT / "docs" / "columns.md").read_text(encoding="utf-8")
    block = rf"\{{% docs {named.group(1)} %\}}(.*?)\{{% enddocs %\}}"
    return re.search(block, text, re.DOTALL).group(1)  # type: ignore[union-attr]


def _as_shown() -> list[str]:
    """What was shown: the macro, and the two tables that outlive the releases."""
    spans = [
        (_code(name), kind, _in_words(f'{{{{ doc("{SHOWN.get(name, name)}") }}}}'))
        for name, kind in (FIGURES_SHOWN | RELEASES_SHOWN).items()
    ]
    return [
        "## As shown at a moment",
        "What was known is one matter, what stood on the pages is another: a figure can be known "
        "and not yet published, or shown and rolled back. `figures_as_shown('2026-11-23')` answers "
        f"the second, and `--as-of` does not change its answer. {_comment('figures_as_shown')}",
        "It reads `HOME/shown`, which begins with the first release and is kept when releases are "
        "pruned. Its two tables can be asked as well: `figures_shown` has every interval, "
        "`releases_shown` says which release was current (`release_id`, `shown_from`, `shown_to`).",
        _grid(("column", "type", "meaning"), spans),
    ]


def _macro(table: str) -> str:
    """A macro as it is called, and what it answers."""
    return f"- `{table}_as_known(date '2020-07-01')`. {_answers(table)}"


def _answers(table: str) -> str:
    """The comment with which the macro's own file begins, or the rows that it keeps."""
    if table in BY_THEN:
        return f"The rows that were there by then: `{BY_THEN[table]}`."
    return _comment(f"{table}_as_known")


def _comment(query: str) -> str:
    """The comment with which a query of the store begins."""
    lines = (ROOT / "store" / "sql" / f"{query}.sql").read_text().splitlines()
    comment = takewhile(lambda line: line.startswith("--"), lines)
    return " ".join(line.removeprefix("--").strip() for line in comment)


def _metric(row: Row) -> str:
    name = row["metric_id"]
    parts = [f"## `{name}`", f"**{row['metric_name']}.** {row['definition']}"]
    parts += [f"*Not counted:* {row['not_counted']}", _facts(row)]
    for title, grid in (("Believed in this order", _ranks(name)), ("Fed by", _fed_by(name))):
        parts += [f"{title}:", grid] if grid else []
    parts += [f"- {event['happened_on']}: {event['published_text']}" for event in _events(name)]
    return "\n\n".join(parts)


def _facts(row: Row) -> str:
    lag = int(row["usual_lag_days"])
    facts = [
        f"Unit: {row['unit']}, by {row['grain']}",
        "the parts of an area add up to it" if row["is_additive_over_area"] == "true" else "",
        f"rates divide by `{row['denominator_metric_id']}`" if row["denominator_metric_id"] else "",
        DIRECTIONS[row["direction"]],
        f"provisional for as long as its days grew, {lag} days where too little is known of that",
        f"running total of `{row['cumulative_of']}`" if row["cumulative_of"] else "",
        f"disclosure: {row['disclosure_class']}",
        f"owner: {row['owner']}",
    ]
    return "; ".join(fact for fact in facts if fact) + "."


def _ranks(metric_id: str) -> str:
    rules = [row for row in _seed("precedence") if row["metric_id"] == metric_id]
    rules.sort(key=lambda row: (int(row["rank"]), row["source_id"]))
    lines = [
        (row["rank"], *map(_code, (row["source_id"], row["rule_id"])), *_terms(row), row["reason"])
        for row in rules
    ]
    return _grid(("rank", "source", "rule", "tolerance", "holds", "why"), lines) if lines else ""


def _terms(row: Row) -> tuple[str, str]:
    """How far apart sources may lie under a rule, and since when it holds."""
    absolute = float(row["tolerance_absolute"] or 0)
    relative = float(row["tolerance_relative"] or 0)
    parts = [f"{absolute:g}"] if absolute else []
    parts += [f"{relative:.0%}"] if relative else []
    start = f"from {row['agreed_on']}" if row["agreed_on"] else "always"
    end = f" until {row['retired_on']}" if row["retired_on"] else ""
    return " or ".join(parts) or "none", start + end


def _fed_by(metric_id: str) -> str:
    said = [row for row in _seed("series") if row["metric_id"] == metric_id]
    totals = [row for row in _seed("series") if row["metric_id"] == f"{metric_id}_cumulative"]
    made = [
        row | {"reason": f"Daily values made from the running total. {row['reason']}"}
        for row in totals
        if row["is_cumulative_to_daily"] == "true"
    ]
    lines = [(*map(_code, (r["source_id"], r["series_id"])), *_dated(r)) for r in (*said, *made)]
    return _grid(("source", "published series", *DATED), lines) if lines else ""


def _dated(row: Row) -> tuple[str, str, str]:
    return row["published_from"], row["published_until"], row["reason"]


def _events(metric_id: str) -> list[Row]:
    found = [row for row in _seed("events") if row["metric_id"] == metric_id]
    return sorted(found, key=lambda row: row["happened_on"])


def _source(name: str, module: Any) -> str:
    source = module.SOURCE
    parts = [f"## `{name}`", f"**{source.title}.** {source.publisher}. {source.licence}."]
    parts += [str(getdoc(module)), *_promises(source)]
    parts += [_raw_table(name, table, schema) for table, schema in source.tables.items()]
    series = [row for row in _seed("series") if row["source_id"] == name]
    unclaimed = [(_code(row["series_id"]), *_dated(row)) for row in series if not row["metric_id"]]
    if unclaimed:
        parts += ["Read and not claimed:", _grid(("published series", *DATED), unclaimed)]
    return "\n\n".join(parts)


def _promises(source: Any) -> list[str]:
    most = source.refuse_above
    kept = "set aside with every reason, the others are kept"
    passed_over = source.passed_over.items()
    return [
        f"- Due: {source.due}",
        f"- Files: {', '.join(f'`{suffix}`' for suffix in source.suffixes)}",
        f"- Absence is {ABSENT[source.absence]}",
        f"- Agreement: `{source.agreement}`",
        f"- Rows that break a rule: {kept}"
        + (f"; the whole file is refused where they are more than {most:.0%}" if most < 1 else ""),
        *(f"- Passed over: names that match `{form}`: {why}" for form, why in passed_over),
    ]


def _raw_table(source: str, table: str, schema: Any) -> str:
    lines = [_raw_column(name, column) for name, column in schema.columns().items()]
    heads = ("column", "type", "key", "must be given", "form")
    rules = [rule.replace("_", " ") for rule in schema._schema_validation_rules()]
    also = f"\n\nAlso: {'; '.join(rules)}." if rules else ""
    return f"Raw table `{source}/{table}`:\n\n{_grid(heads, lines)}{also}"


def _raw_column(name: str, column: Any) -> tuple[str, ...]:
    form = str((column.metadata or {}).get("form", ""))
    key, given = ("yes" if holds else "" for holds in (column.primary_key, not column.nullable))
    return _code(name), _kind(column), key, given, form


def _kind(column: Any) -> str:
    if not column.dtype.is_numeric():
        return "date" if str(column.dtype) == "Date" else "text"
    kind = "whole number" if column.dtype.is_integer() else "number"
    if (column.metadata or {}).get("corrections"):
        return f"{kind}, below 0 where it takes back"
    return f"{kind}, {column.min or 0} or more"


def _all_commands(group: Any) -> Iterator[tuple[str, Any]]:
    """Each command under its whole name; a group holds commands of its own."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from ((f"{name} {part}", found) for part, found in _all_commands(command))
        else:
            yield name, command


def _command(name: str, command: Any) -> str:
    arguments = [option for option in command.params if option.param_type_name == "argument"]
    named = [(option.metavar or option.name.upper(), option.required) for option in arguments]
    places = [place if is_required else f"[{place}]" for place, is_required in named]
    usage = " ".join(["trigpoint", name, *places])
    lines = [
        (_names(option), str(option.help or ""), _default(option)) for option in command.params
    ]
    return f"## `{usage}`\n\n{command.help}\n\n{_grid(('option', 'meaning', 'default'), lines)}"


def _names(option: Any) -> str:
    return _code(" / ".join([*option.opts, *option.secondary_opts]))


def _default(option: Any) -> str:
    if option.required:
        return "required"
    return "" if option.default in (None, False) else f"`{option.default}`"


if __name__ == "__main__":
    main()
