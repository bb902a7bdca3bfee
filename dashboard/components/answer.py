"""The answer to a question in SQL: grid and marks, a chart, files, what its measures count."""

from typing import Any

from dash import html

from dashboard import quick, words
from dashboard.asked import moment_in_words
from dashboard.components import chart as charts
from dashboard.components.attributes import aria, data
from dashboard.components.bar import copy_link
from dashboard.components.grid import grid
from dashboard.components.posting import brings_back, carried, posting
from dashboard.components.table import explained, table
from dashboard.exits import may_take
from dashboard.results import Column, Results, results, seconds_in_words
from dashboard.seen import Seen
from dashboard.wanted import Wanted
from journal.queries import Kept
from store.errors import TrigpointError
from store.moments import written
from store.sandbox import Answer

STYLES = ("accent", "series-2", "series-3", "series-4")
NO_CHART = "There is no chart: it takes one number for each date, or for each of a few names."
TOO_MANY = "There is no chart of a part: ask for at most as many rows as are shown."


def refused(
    fault: TrigpointError | None, kept: Kept | None = None, ended: str | None = None
) -> html.Div:
    """Why there is no answer, with the line where that is known; what was stopped is no fault."""
    line = getattr(fault, "line", None)
    said = ended or f"The query did not run. {_sentence(str(fault), line)}"
    as_of = kept.text.as_of if kept else None
    moment = written(as_of) if as_of else ""
    named = data(line=line or "", query=kept.query_id if kept else "", moment=moment)
    told = html.P(said, role="status") if ended else html.P(said, role="alert", className="wrong")
    return html.Div(told, className="answer", **named)


def _sentence(said: str, line: int | None) -> str:
    """What is wrong, led by the line where it is; the engine may name that itself."""
    place = f"Line {line}: " if line and not said.startswith("Line ") else ""
    return place + (said if said.endswith((".", "!", "?")) else words.sentence(said))


def plan(told: str) -> html.Div:
    """How the engine would go about a question, in its own words."""
    return html.Div(
        [
            html.H2("How the engine would answer"),
            html.Pre(told, className="plan", tabIndex=0, **aria(label="Plan")),
        ],
        className="answer",
        **data(query="", line=""),
    )


def answer(seen: Seen, asked: Wanted, given: Answer, kept: Kept | None) -> html.Div:
    """Everything that stands under the editor once a question is answered."""
    found = results(seen.reader, given.table, asked.text.sql)
    moment = written(given.as_of) if given.as_of else ""
    return html.Div(
        [
            html.H2(_head(given)),
            html.P(_told(seen, given), className="small"),
            _grid(found),
            explained([mark for mark in found.marks if mark]),
            _ways(seen, given, kept),
            _chart(seen, given, found, kept),
            _columns(found.columns),
            _measures(found),
        ],
        className="answer",
        **data(query=kept.query_id if kept else "", moment=moment, line=""),
    )


def _head(given: Answer) -> list[Any]:
    rows = given.table.num_rows
    if not given.is_cut:
        return [words.counted(rows, "row", "rows").capitalize()]
    whole = html.Span("more rows", id="query-counted", **aria(live="polite"))
    return [f"Showing {rows:,} of ", whole]


def _told(seen: Seen, given: Answer) -> str:
    """How long it took, which release answered, and of which moment it tells."""
    release = seen.reader.release
    told = [
        f"Answered in {seconds_in_words(given.seconds)} from release {release.release_id}",
        f"published {words.moment(release.released_at)}",
    ]
    if given.as_of:
        told.append(f"as known at {moment_in_words(given.as_of)}")
    return f"{', '.join([*told, _scope(seen)])}."


def _scope(seen: Seen) -> str:
    """What the answer may hold, of this reader."""
    return (
        "with exact counts where they are yours to see"
        if seen.reader.exact
        else ("with small counts hidden to protect privacy")
    )


def _grid(found: Results) -> Any:
    if not found.rows:
        return html.P("No row answers this question.")
    return html.Div(grid(found.columns, found.rows), className="grid")


def _ways(seen: Seen, given: Answer, kept: Kept | None) -> html.Div | None:
    """The whole answer as a file, and a link that opens this query for others."""
    if kept is None:
        return None
    return html.Div(
        [
            *(
                html.A(
                    f"Download {kind}",
                    href=file_link(seen, given, kept, form),
                    download="",
                    className="download",
                )
                for kind, form in (("CSV", "csv"), ("Parquet", "parquet"))
                if may_take("export.query")
            ),
            *(copy_link(seen) if kept.is_shared else [_share(seen, given, kept)]),
        ],
        className="ways",
    )


def file_link(seen: Seen, given: Answer, kept: Kept, form: str) -> str:
    """The address of the whole answer, from the release and of the moment that are shown."""
    return seen.link(
        f"/files/query.{form}",
        query=kept.query_id,
        release=given.release_id,
        as_of=written(given.as_of) if given.as_of else None,
    )


def _share(seen: Seen, given: Answer, kept: Kept) -> html.Form | None:
    return posting(
        "/workspace/share",
        carried("query", kept.query_id),
        *brings_back(seen, given.as_of),
        button="Share by link",
        is_quiet=True,
        style="inline",
    )


def _chart(seen: Seen, given: Answer, found: Results, kept: Kept | None) -> Any:
    """The quick chart with its table and its file; a sentence where none would be true."""
    if given.is_cut or not found.rows:
        return html.P(TOO_MANY, className="small") if given.is_cut else None
    drawn = quick.quick(given.table, [row.get("mark", "") for row in found.rows])
    if drawn is None:
        return html.P(NO_CHART, className="small")
    finding = found.measures[0]["metric_name"] if _is_one_measure(found) else drawn.finding
    told = charts.Told(finding, drawn.about, drawn.summary)
    numbers = [len(drawn.head) - 1]
    points = table(drawn.finding, drawn.head, drawn.points, numeric=numbers, is_caption_shown=False)
    csv = file_link(seen, given, kept, "csv") if kept else ""
    key = list(zip(STYLES, drawn.series, strict=False))
    return html.Section(charts.chart(told, drawn.drawn, key, points, csv))


def _is_one_measure(found: Results) -> bool:
    """Whether every number of `value` is of the one measure that the answer is about."""
    return len(found.measures) == 1 and all("figure" in row for row in found.rows)


def _columns(columns: list[Column]) -> html.Details:
    rows = [[html.Code(column.name), column.kind] for column in columns]
    told = words.counted(len(columns), "column", "columns")
    return html.Details(
        [html.Summary(f"Columns: {told}"), table("Columns", ["Name", "Type"], rows)]
    )


def _measures(found: Results) -> html.Details | None:
    """What each measure of the answer counts, and what it does not."""
    if not found.measures:
        return None
    told = words.counted(len(found.measures), "measure", "measures")
    said = [
        html.Div(
            [
                html.Dt([html.Code(one["metric_id"]), html.Br(), one["metric_name"]]),
                html.Dd([one["definition"], html.Br(), f"Not counted: {one['not_counted']}"]),
            ]
        )
        for one in found.measures
    ]
    return html.Details(
        [html.Summary(f"What is counted: {told}"), html.Dl(said, className="facts")],
        open=len(said) <= 3,
    )
