"""The parts of a source's page: what came, what was set aside, what changed, what tripped."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.facts import listed
from dashboard.components.source_table import badge
from dashboard.components.table import table
from dashboard.queries import source as queries
from dashboard.seen import Seen

FILES, ROWS, REASONS, TRIPS, NAMED = 30, 100, 20, 20, 12
VERDICTS = {
    "landed": "Landed",
    "known": "Known already",
    "refused": "Refused",
    "passed_over": "Passed over",
    "taken_back": "Taken back",
}
LOADS = ["File", "Published", "Landed", "Rows landed", "Quarantined", "Skipped", "Verdict"]
QUARANTINE = ["Published", "File and row", "What it says", "Why it is set aside"]
RULE = {"published": "published figures, shown as they are"}


def lede(row: dict[str, Any]) -> list[Any]:
    """The state, and when the newest file was published."""
    newest = row["published_at"]
    told = f"Newest file published {words.moment(newest)}." if newest else "No file has landed yet."
    return [badge(row["state"]), " ", told]


def about(row: dict[str, Any]) -> html.Dl:
    """What the publisher promises and under which agreement it is held."""
    rule = row.get("disclosure_rule") or ""
    facts: list[tuple[str, Any]] = [
        ("Name", html.Code(row["source_id"])),
        ("Publisher", row["publisher"]),
        ("Due", f"{row['due'] or 'no due time'} ({row['cadence']})"),
        ("Licence", row["licence"]),
        ("Agreement", _agreement(row)),
    ]
    if rule:
        facts.append(("Disclosure rule", RULE.get(rule, rule.replace("_", " "))))
    return listed(facts)


def _agreement(row: dict[str, Any]) -> Any:
    name = html.Code(row["agreement_id"])
    if not row["is_agreed"]:
        return [name, f": {row['left_out_because'] or 'it does not hold'}"]
    return [name, f", until before {words.day(row['agreement_ends'])}"]


def loads(seen: Seen, source_id: str) -> html.Section:
    """Every file as it arrived, the newest first."""
    found = queries.loads(seen.reader, source_id, FILES).to_dicts()
    counted = queries.verdicts(seen.reader, source_id)
    total = sum(counted.values())
    content: list[Any] = [html.H2("Loads and files")]
    if not found:
        return html.Section([*content, html.P("No file has arrived.")], id="loads")
    by_verdict = words.joined(
        f"{files:,} {VERDICTS[name].lower()}" for name, files in counted.items()
    )
    shown = f"; the newest {FILES} are shown" if total > FILES else ""
    told = f"{words.counted(total, 'file has', 'files have')} arrived: {by_verdict}{shown}"
    rows = [_load(row) for row in found]
    return html.Section(
        [
            *content,
            html.P(words.sentence(told)),
            table("Files, newest first", LOADS, rows, numeric=(3, 4, 5), is_caption_shown=False),
            html.P(
                "Every row of a file is landed, quarantined or skipped when it is loaded. Rows "
                "that contradict another of their file, or are about a place that is not known, "
                "are found later and stand in the quarantine only. Under the name of each file "
                "stands its checksum (SHA-256).",
                className="small",
            ),
        ],
        id="loads",
    )


def _load(row: dict[str, Any]) -> list[Any]:
    sha = row["file_sha256"] or ""
    return [
        [
            html.Div(row["file_name"], className="file"),
            html.Div(html.Code(sha), className="checksum") if sha else None,
        ],
        words.moment(row["published_at"]) if row["published_at"] else "not known",
        f"{row['landed_at']:%H:%M} on {words.day(row['landed_at'])}",
        f"{row['rows_landed']:,}",
        f"{row['rows_quarantined']:,}",
        [f"{row['rows_skipped']:,}", _skipped(row["skipped_reasons"])],
        _verdict(row),
    ]


def _skipped(told: str | None) -> html.Details | None:
    """Why rows were skipped: a JSON record of reason and count."""
    reasons: Mapping[str, int] = json.loads(told) if told else {}
    if not reasons:
        return None
    items = [html.Li(f"{count:,}: {reason}") for reason, count in reasons.items()]
    return html.Details([html.Summary("Why"), html.Ul(items, className="small")])


def _verdict(row: dict[str, Any]) -> list[Any]:
    if row["held_because"]:
        held = html.Span("Held", className="badge refused")
        return [held, html.Div(row["held_because"], className="small")]
    state = "refused" if row["verdict"] == "refused" else ""
    named = html.Span(VERDICTS[row["verdict"]], className=f"badge {state}".strip())
    return [named, html.Div(row["reason"], className="small") if row["reason"] else None]


def quarantine(seen: Seen, source_id: str) -> html.Section:
    """Rows that make no claim: by reason, then themselves."""
    reasons = queries.reasons(seen.reader, source_id)
    total = int(reasons["rows"].sum())
    heading = html.H2("Quarantine")
    if not total:
        told = html.P("No row of this source is in quarantine.")
        return html.Section([heading, told], id="quarantine")
    rows = queries.quarantined(seen.reader, source_id, ROWS).to_dicts()
    shown = f"showing the first {ROWS} of {total:,}" if total > ROWS else f"all {total:,} shown"
    csv = seen.link(f"/files/quarantine/{source_id}.csv")
    return html.Section(
        [
            heading,
            html.P(words.sentence(words.counted(total, "row makes", "rows make") + " no claim")),
            *_reasons(reasons),
            html.H3("The rows"),
            table(
                words.sentence(f"Rows in quarantine, newest first, {shown}"),
                QUARANTINE,
                [_quarantined(row) for row in rows],
            ),
            html.A("CSV of all rows in quarantine", href=csv, download="", className="download"),
        ],
        id="quarantine",
    )


def _reasons(reasons: pl.DataFrame) -> list[Any]:
    rows = [
        [row["reasons"], f"{row['rows']:,}", f"{row['files']:,}"]
        for row in reasons.head(REASONS).to_dicts()
    ]
    more = reasons.height - REASONS
    return [
        table("Rows by reason", ["Reason", "Rows", "Files"], rows, numeric=(1, 2)),
        html.P(f"{more:,} other reasons stand in the CSV file.", className="small")
        if more > 0
        else None,
    ]


def _quarantined(row: dict[str, Any]) -> list[Any]:
    where = f"row {row['file_row']:,}" if row["file_row"] is not None else ""
    sheet = f"sheet {row['sheet_name']}" if row["sheet_name"] else ""
    return [
        words.moment(row["published_at"]) if row["published_at"] else "not known",
        [
            html.Div(row["file_name"] or "", className="file"),
            html.Div(", ".join(part for part in (sheet, where) if part), className="small"),
        ],
        html.Div(row["row_text"] or "", className="row-text"),
        html.Div(row["reasons"] or ""),
    ]


def columns(seen: Seen, source_id: str) -> html.Section:
    """Columns that appeared or went from one file to the next."""
    found = queries.layouts(seen.reader, source_id)
    heading = html.H2("Changes of columns")
    if found is None:
        none = (
            "No file of this source has headings on its receipt: it has none, or it was loaded "
            "before headings were kept."
        )
        return html.Section([heading, html.P(none)], id="columns")
    how = (
        "Known from the headings, which are put on the receipt of each file when it is loaded. A "
        "file is compared with the one published before it whose name differs in its digits at "
        "most. Columns that are named after a day or a number are left out."
    )
    if not found:
        told = html.P("No column appeared or went from one file to the next.")
        return html.Section([heading, told, html.P(how, className="small")], id="columns")
    rows = [
        [
            [words.moment(one.published_at), html.Div(one.file_name, className="small file")],
            _columns(one.appeared),
            _columns(one.gone),
        ]
        for one in found[:FILES]
    ]
    many = f", the newest {FILES} of {len(found):,}" if len(found) > FILES else ""
    caption = f"Files whose columns are not those of the file before{many}"
    drawn = table(caption, ["Published", "Appeared", "Went"], rows)
    return html.Section([heading, drawn, html.P(how, className="small")], id="columns")


def _columns(names: list[str]) -> Any:
    if not names:
        return "\u2013"
    more = len(names) - NAMED
    shown = [html.Div(html.Code(name)) for name in names[:NAMED]]
    return [*shown, html.Div(f"and {more:,} more", className="small")] if more > 0 else shown


def breakers(seen: Seen, source_id: str) -> html.Section:
    """What the circuit breakers say of the files of a source, with the rows that tripped them."""
    found = queries.breakers(seen.reader, source_id).to_dicts()
    rows = queries.breaker_rows(seen.reader, source_id)
    heading = html.H2("Breakers")
    if not found:
        told = html.P("No breaker says anything of this source.")
        return html.Section([heading, told], id="breakers")
    open_ones = [row for row in found if row["is_open"]]
    ended = [row for row in found if not row["is_open"]]
    content: list[Any] = [heading, html.P(_told(open_ones, ended))]
    if open_ones:
        content.append(_breakers("Open", open_ones, rows))
    if ended:
        many = words.counted(len(ended), "breaker that is over", "breakers that are over")
        more = html.Summary(many)
        content.append(html.Details([more, _breakers("Over", ended, rows)]))
    return html.Section(content, id="breakers")


def _told(open_ones: list[dict[str, Any]], ended: list[dict[str, Any]]) -> str:
    held = sum(row["severity"] == "hold" for row in open_ones)
    told = f"{words.counted(len(open_ones), 'breaker is', 'breakers are')} open"
    if len(open_ones) == 1:
        told += " and holds a file" if held else "; it holds no file"
    elif open_ones:
        told += f"; {held or 'none'} of them {'holds' if held < 2 else 'hold'} a file"
    over = f"; {len(ended):,} {'is' if len(ended) == 1 else 'are'} over" if ended else ""
    return words.sentence(f"{told}{over}")


def _breakers(caption: str, found: list[dict[str, Any]], rows: pl.DataFrame) -> html.Div:
    head = ["Breaker", "Since", "What it says", "What tripped it"]
    cells = [
        [
            [
                html.Div(row["breaker_id"].replace("_", " ").capitalize()),
                html.Div(_state(row), className="state"),
            ],
            words.moment(row["since"]),
            html.Div(row["sentence"], className="sentence"),
            _trips(row, rows),
        ]
        for row in found
    ]
    return table(caption, head, cells, is_caption_shown=False)


def _state(row: dict[str, Any]) -> html.Span:
    if row["is_let_go"]:
        return html.Span("Let go", className="badge")
    if not row["is_open"]:
        return html.Span("Over", className="badge")
    if row["severity"] == "hold":
        return html.Span("Holds", className="badge refused")
    return html.Span("Warns", className="badge behind")


def _trips(row: dict[str, Any], rows: pl.DataFrame) -> Any:
    own = rows.filter(
        (pl.col("breaker_id") == row["breaker_id"]) & (pl.col("file_sha256") == row["file_sha256"])
    )
    if own.is_empty():
        return "\u2013"
    items = [
        html.Li(": ".join(part for part in (one["metric_name"], one["seen"]) if part) or "the file")
        for one in own.head(TRIPS).to_dicts()
    ]
    more = own.height - TRIPS
    count = words.counted(own.height, "row", "rows")
    told = f"{count}, the first {TRIPS} shown" if more > 0 else count
    return html.Details([html.Summary(told), html.Ul(items, className="small trips")])
