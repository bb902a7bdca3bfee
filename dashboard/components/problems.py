"""Reported problems: the state beside a figure, the form, the queue, and what came of each."""

from datetime import datetime, timedelta
from typing import Any

from dash import html

from dashboard import looking, words
from dashboard.components import passport
from dashboard.components.bar import native
from dashboard.components.facts import listed
from dashboard.components.figure_button import figure_button, text
from dashboard.components.posting import carried, posting
from dashboard.exits import may_take
from dashboard.queries.problems import can_correct, said
from dashboard.seen import Seen
from journal.problems import LONGEST_LINE, NOT_TAKEN_IN, TAKEN_BACK, UNDER_QUERY
from journal.tables import LONGEST_TEXT
from people.accounts import Known
from store.moments import now

PATH = "/problems"
WARNING = (
    "Do not enter names of patients or NHS numbers: everyone who may see the figure can read it."
)
ONLY_THIS = (
    "A correction is of this figure alone: running totals, and the areas that contain this one, "
    "stay as they are published. It ends when a source that is preferred says something new; when "
    "another does, the figure is marked as disputed."
)
# What stands in the form until an analyst says otherwise.
USUAL_WAIT = timedelta(days=30)
LONGEST_WAIT = timedelta(days=366)
Row = dict[str, Any]


def query_line(found: list[Row]) -> html.P | None:
    """Since when a figure is under query; nothing once each report on it is closed."""
    waiting = [row for row in found if row["state"] in UNDER_QUERY]
    if not waiting:
        return None
    since = words.day(min(row["reported_at"] for row in waiting))
    mark = html.Span(f"Under query since {since}", className="badge behind")
    numbers = words.joined(row["problem_id"] for row in waiting)
    return html.P([mark, html.Span(f" {numbers}", className="small")], className="state")


def area_queries(seen: Seen, found: list[Row]) -> html.Div | None:
    """Which figures of an area are under query, each with its page."""
    if not found:
        return None
    lines = [
        html.Li(
            [
                html.A(_title(row), href=seen.link(f"/figure/{row['figure_id']}")),
                f": under query since {words.day(row['reported_at'])} ({row['problem_id']}).",
            ]
        )
        for row in found
    ]
    return html.Div(html.Ul(lines), className="notes", role="status")


def report_link(seen: Seen, figure_id: str) -> html.P | None:
    """The way to report a problem with a figure as it is seen here, for whoever may."""
    if seen.is_replay or not may_take("action.report"):
        return None
    link = seen.link(PATH, problem=figure_id)
    return html.P(html.A("Report a problem with this figure", href=link))


def told(found: list[Row]) -> Any:
    """What was reported on a figure and what came of it; not by whom, and not how to reach them."""
    if not found:
        return html.P("Nobody has reported a problem with this figure.")
    return html.Ul([html.Li(_steps(row)) for row in found], className="written")


def _steps(row: Row) -> list[Any]:
    said: list[Any] = [_badge(row), f" {_what(row)}"]
    return [html.P(said), html.P(history(row), className="small")]


def _what(row: Row) -> str:
    """What is said to be wrong; without its kind where that is withheld like the text."""
    kind = words.WRONG.get(row["kind"])
    return f"{kind}: {row['wrong']}" if kind else str(row["wrong"])


def history(row: Row) -> str:
    """Each step of a report in order, in one paragraph."""
    return " ".join(sentence for _, sentence in steps(row))


def steps(row: Row) -> list[tuple[datetime, str]]:
    """Each step of a report with its moment, oldest first, as a sentence."""
    told = [(row["reported_at"], _reported(row))]
    if row["taken_up_at"]:
        taken = f"{row['taken_up_by']} looks into it since {words.moment(row['taken_up_at'])}."
        told.append((row["taken_up_at"], taken))
    if row["handed_at"]:
        handed = f"{row['handed_to']} looks into it in their place since "
        told.append((row["handed_at"], f"{handed}{words.moment(row['handed_at'])}."))
    if row["decided_at"]:
        told.append((row["decided_at"], _decided(row)))
    if row["corrected_at"]:
        told.append((row["corrected_at"], f"The figure is corrected {_since(row)}."))
    if row["ended_at"]:
        told.append((row["ended_at"], _ended(row)))
    return told


def _reported(row: Row) -> str:
    when = _when(row["reported_at"])
    if row["follows"]:
        return (
            f"{row['problem_id']} goes on from {row['follows']}, which was taken up again {when}."
        )
    return f"{row['problem_id']} was reported {when}."


def _ended(row: Row) -> str:
    because, when = row["ended_because"], _when(row["ended_at"])
    if because == TAKEN_BACK:
        why = words.sentence(row["ended_why"])
        return f"{row['ended_by']} took the correction back {when}. Reason: {why}"
    if because == NOT_TAKEN_IN:
        return f"The store refused the correction {when}: {words.sentence(row['ended_why'])}"
    return f"The correction ended {when}: {words.ENDED.get(because, because)}."


def _since(row: Row) -> str:
    return f"since {words.moment(row['corrected_at'])}"


def _when(moment: datetime) -> str:
    return f"at {words.moment(moment)}"


def _decided(row: Row) -> str:
    is_accepted = row["expires_on"] is not None
    what = "accepted it" if is_accepted else "rejected it"
    until = f", until {words.day(row['expires_on'])} at the latest" if is_accepted else ""
    instead = "" if row["value"] is None else f": {words.number(row['value'])} holds instead"
    reason = words.sentence(row["reason"])
    when = _when(row["decided_at"])
    return f"{row['decided_by']} {what} {when}{instead}{until}. Reason: {reason}"


def _badge(row: Row) -> html.Span:
    state = words.PROBLEMS[row["state"]]
    return html.Span(state, className="badge behind" if row["state"] in UNDER_QUERY else "badge")


def came_of(seen: Seen, found: list[Row], since: datetime) -> html.Ul:
    """What was put down of each report after a moment, for a stand-up."""
    lines = [
        html.Li(
            [
                html.A(_title(row), href=seen.link(f"/figure/{row['figure_id']}")),
                f": {words.inside(words.WRONG.get(row['kind']) or row['wrong'])}. ",
                " ".join(sentence for moment, sentence in steps(row) if moment > since),
            ]
        )
        for row in found
    ]
    return html.Ul(lines, className="prose")


def report_form(seen: Seen, figure: Row, person: Known) -> html.Section:
    """What is wrong with one figure, as this person sees it."""
    about = passport.title(figure)
    return html.Section(
        [
            html.H2(about),
            html.P(["It shows ", figure_button(figure, about), " here."]),
            html.P(WARNING, className="warning"),
            posting(
                f"{PATH}/report",
                carried("figure", figure["figure_id"]),
                carried("release", seen.reader.release.release_id),
                carried("as_of", seen.asked.as_of.isoformat() if seen.asked.as_of else ""),
                native("select", "kind", "What is wrong", options=list(words.WRONG.items())),
                _text("wrong", "In a sentence or two", LONGEST_TEXT, required="required"),
                _text("expected", "What it should be", LONGEST_LINE, hint="if you know"),
                _text(
                    "evidence", "How that can be seen", LONGEST_LINE, hint="a file, a list, a link"
                ),
                native(
                    "text",
                    "contact",
                    "How to reach you",
                    person.name,
                    longest=LONGEST_LINE,
                    hint="only for those who look into it",
                ),
                button="Report this problem",
            ),
        ],
    )


def _text(name: str, label: str, longest: int, **more: Any) -> html.Div:
    return native("text", name, label, longest=longest, **more)


def own(seen: Seen, found: list[Row]) -> Any:
    """What somebody reported: its number, its figure and what came of it."""
    if not found:
        return html.Div([html.P("You have reported no problem so far."), _how()])
    return html.Div([*(_article(seen, row, [_said(row)]) for row in found), _how()])


def _how() -> html.P | None:
    """How a problem is reported, to whoever may: there is no way to do it from here."""
    if not may_take("action.report"):
        return None
    return html.P(
        "To report one, press the figure that looks wrong, on any page, and choose "
        "\u201cReport a problem with this figure\u201d."
    )


def queue(seen: Seen, found: list[Row], *, may_accept: bool) -> html.Div:
    """The reports that wait, oldest first, each with what can be done about it."""
    return html.Div(
        [
            _article(seen, row, [_said(row, is_full=True), *_doing(seen, row, may_accept)])
            for row in found
        ]
    )


def holding(seen: Seen, found: list[Row]) -> html.Div:
    """The corrections that hold now, and the way to take one back."""
    return html.Div([_article(seen, row, [_said(row), _taking_back(row)]) for row in found])


def closed(seen: Seen, found: list[Row]) -> html.Details:
    """The reports that changed nothing, and the way to take one up again."""
    articles = [_article(seen, row, [_said(row), _reopening(row)]) for row in found]
    count = words.counted(len(found), "report", "reports")
    return _folded(f"{count} that changed nothing", *articles)


def _article(seen: Seen, row: Row, content: list[Any]) -> html.Article:
    figure, title = row["figure"], _title(row)
    link = html.A(title, href=seen.link(f"/figure/{row['figure_id']}"))
    shown: list[Any] = ["It shows ", figure_button(figure, title), " now."] if figure else []
    return html.Article(
        [
            html.H3([f"{row['problem_id']}: ", link]),
            html.P([_badge(row), " ", *shown], className="state"),
            *content,
            html.P(history(row), className="small"),
        ],
        id=row["problem_id"],
        className="problem",
    )


def _title(row: Row) -> str:
    return passport.title(row["figure"]) if row["figure"] else str(row["figure_id"])


def _said(row: Row, *, is_full: bool = False) -> html.Dl:
    told = [("What is wrong", _what(row))]
    told += [("What it should be", row["expected"])] if row["expected"] else []
    told += [("How that can be seen", row["evidence"])] if row["evidence"] else []
    if is_full:
        told.append(("Reported by", f"{row['reported_by']} ({row['contact'] or 'no contact'})"))
    return listed(told)


def _doing(seen: Seen, row: Row, may_accept: bool) -> list[Any]:
    """What is to be done next about a report, and by whom it can be."""
    number = carried("problem", row["problem_id"])
    if row["state"] == "reported":
        return [posting(f"{PATH}/take-up", number, button="Look into it", is_quiet=True)]
    if row["state"] == "accepted":
        return [html.P("The next release shows the correction."), _taking_back(row)]
    rejecting = posting(
        f"{PATH}/reject",
        carried("problem", row["problem_id"]),
        _text("reason", "Why nothing changes", LONGEST_TEXT, required="required"),
        button="Reject",
        is_quiet=True,
    )
    accepting = _accepting(seen, row) if may_accept else html.P("An analyst can accept it.")
    return [accepting, _folded("Reject it", rejecting), _handing_on(row)]


def _handing_on(row: Row) -> Any:
    """For everybody but who looks into it already; the page does not ask twice who that is."""
    person = looking.person()
    if person is None or person.name == (row["handed_to"] or row["taken_up_by"]):
        return None
    number = carried("problem", row["problem_id"])
    return posting(f"{PATH}/hand-on", number, button="Look into it instead", is_quiet=True)


def _reopening(row: Row) -> Any:
    number = carried("problem", row["problem_id"])
    return posting(f"{PATH}/reopen", number, button="Take it up again", is_quiet=True)


def _taking_back(row: Row) -> Any:
    if not may_take("action.take_back"):
        return None
    form = posting(
        f"{PATH}/take-back",
        carried("problem", row["problem_id"]),
        _text("reason", "Why it holds no longer", LONGEST_TEXT, required="required"),
        button="Take back",
        is_quiet=True,
    )
    return _folded("Take it back", form)


def _accepting(seen: Seen, row: Row) -> Any:
    figure = row["figure"]
    if figure is None or not can_correct(figure):
        return html.P(
            "This figure is not public as it is, so it is for its own source to correct it."
        )
    today = now().date()
    form = posting(
        f"{PATH}/accept",
        carried("problem", row["problem_id"]),
        carried("stands", "" if figure["value"] is None else repr(figure["value"])),
        native("number", "value", "The correct value", required="required"),
        _text("reason", "Why", LONGEST_TEXT, required="required"),
        native(
            "date",
            "expires_on",
            "Ends on, at the latest",
            (today + USUAL_WAIT).isoformat(),
            max=(today + LONGEST_WAIT).isoformat(),
            required="required",
        ),
        button="Accept as a correction",
    )
    says = figure["publisher"] or figure["source_id"]
    guard = (
        "its publisher says something else than when it was first corrected"
        if figure["is_corrected"]
        else f"{says} says something else than {text(figure)}"
    )
    ends = f"It ends by itself once {guard}."
    beside = html.P([_say(seen, figure), " ", ONLY_THIS], className="small")
    return _folded("Accept it", beside, html.P(ends, className="small"), form)


def _say(seen: Seen, figure: Row) -> str:
    """What each source says of the figure, so that whoever accepts has weighed them all."""
    told = [
        f"{row['source_title'] or row['source_id']} says {text(row)}"
        for row in said(seen.reader, figure["figure_id"])
    ]
    return words.sentence("; ".join(told)) if told else "No source says anything of it."


def _folded(summary: str, *content: Any) -> html.Details:
    return html.Details([html.Summary(summary), *content])
