"""Export: rows of any size as a file, how far each is, and the way to take it."""

from typing import Any

from dash import html

from dashboard import exporting, looking, words
from dashboard.asked import moment_in_words
from dashboard.components.attributes import aria, data
from dashboard.components.bar import native
from dashboard.components.page import page
from dashboard.components.posting import carried, posting
from dashboard.components.table import table
from dashboard.exits import may_take
from dashboard.exporting import PATH, told
from dashboard.opening import opened
from dashboard.queries import reference
from dashboard.registry import register
from dashboard.seen import Seen
from store.exporting import jobs
from store.exporting.jobs import MAKING, READY, Job
from store.exporting.wanted import FORMS, WHAT, WHOLE, Wanted
from store.moments import written
from store.settings import Settings

LEDE = (
    "Take rows away as a file of any size, as they were known at one moment, with a note that says "
    "what they mean."
)
HOW = (
    "A file is written while this page is open; three minutes after you leave, it is given up. It "
    "is kept for a day. Before you are handed it we look once more whether you may see all of it: "
    "an agreement may have ended since. Figures of your own area are exact where your role sees "
    "them so; do not pass those on. A download that breaks off can be gone on with."
)
WHOLE_RELEASE = (
    "A whole release is a package of Parquet tables with their description, as everybody may see "
    "them; it takes no measure, area, dates or moment."
)


def layout(**query: str) -> html.Div:
    """One's own files, and a form for another, which the address fills as on every page."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """Nobody's files are listed but those of whoever is signed in."""
    person = looking.person()
    jobs.forget_old(Settings.read().home)
    found = jobs.of_person(Settings.read().home, person.subject) if person else []
    content: list[Any] = [html.H1("Export"), html.P(LEDE, className="lede")]
    if found:
        content.append(_section("Your files", _files(found)))
    content.append(_section("Choose what to take", *_form(seen)))
    return page(seen, *content)


def _section(title: str, *content: Any) -> html.Section:
    return html.Section([html.H2(title), *content])


def _form(seen: Seen) -> list[Any]:
    if seen.is_replay:
        return [html.P("Nothing is taken away from a data day that was run again.")]
    if not may_take("export.make"):
        return [html.P("People in your role take nothing away.")]
    asked = seen.asked
    return [
        posting(
            f"{PATH}/make",
            native("select", "what", "What", options=[*WHAT.items()]),
            native("select", "form", "As", options=[*FORMS.items()]),
            native("select", "measure", "Measure", asked.measure or "", options=_measures(seen)),
            native(
                "search",
                "area",
                "Area",
                asked.area or "",
                source="/files/areas.json",
                hint="empty: all",
            ),
            native("date", "from", "From", _day(asked.start), hint="empty: the first day"),
            native("date", "to", "To", _day(asked.end), hint="empty: the last day"),
            native("date", "as_of", "As it was on", _day(asked.as_of), hint="empty: now"),
            carried("moment", written(asked.as_of) if asked.as_of else ""),
            carried("release", asked.release or ""),
            button="Write the file",
            style="posting exporting",
        ),
        html.P(WHOLE_RELEASE, className="small"),
        html.P(HOW, className="small"),
    ]


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""


def _measures(seen: Seen) -> list[tuple[str, str]]:
    found = reference.metrics(seen.reader).iter_rows()
    return [("", "Every measure"), *((str(metric_id), str(name)) for metric_id, name in found)]


def _files(found: list[Job]) -> html.Div:
    rows = [[_about(job), words.moment(job.asked_at), _progress(job), _ways(job)] for job in found]
    head = ["What", "Asked for", "How far", "Take it"]
    listed = table("Your files", head, rows, is_caption_shown=False)
    return html.Div([listed, html.Div(role="status", className="export-said unseen")])


def _about(job: Job) -> list[Any]:
    wanted = job.wanted
    return [
        html.Div(WHAT[wanted.what]),
        html.Div(", ".join(_chosen(wanted)), className="small"),
    ]


def _chosen(wanted: Wanted) -> list[str]:
    if wanted.what == WHOLE:
        return [f"release {wanted.release_id}", "Parquet in a package"]
    days = f"{_day(wanted.start) or 'first'} to {_day(wanted.end) or 'last day'}"
    return [
        wanted.metric_id or "every measure",
        wanted.area_id or "every area",
        days,
        f"as it was at {moment_in_words(wanted.as_of)}"
        if wanted.as_of
        else f"release {wanted.release_id}",
        FORMS[wanted.form],
    ]


def _progress(job: Job) -> html.Div:
    """How far it is; `assets/exporting.js` keeps it up to date while it is being written."""
    now = told(job)
    bar_ = html.Progress(
        value=str(now["rows"]),
        max=str(now["of"] or 1),
        hidden=now["state"] != MAKING,
        **aria(label="Rows written"),
    )
    return html.Div(
        [bar_, html.Span(str(now["said"]))],
        className="export",
        **data(export=job.export_id, state=str(now["state"])),
    )


def _ways(job: Job) -> html.Div:
    now = told(job)
    is_ready = now["state"] == READY
    named = html.Span(f" {job.export_id[:8]}", className="unseen")
    return html.Div(
        [
            _link("File", "file", str(now.get("file", "")), is_ready=is_ready),
            _link("Note", "note", str(now.get("note", "")), is_ready=is_ready),
            posting(
                f"{PATH}/cancel",
                carried("export", job.export_id),
                named,
                button="Cancel" if now["state"] == MAKING else "Delete",
                is_quiet=True,
                style="given-up",
            ),
        ],
        className="export-ways",
        **data(of=job.export_id),
    )


def _link(text: str, part: str, href: str, *, is_ready: bool) -> html.A:
    """A link that a page gets once the file is there."""
    return html.A(
        text,
        href=href or exporting.PATH,
        hidden=not is_ready,
        className="button",
        download="",
        **data(part=part),
    )


register(__name__, PATH, "Export \u2013 Trigpoint", layout, "page.exports")
